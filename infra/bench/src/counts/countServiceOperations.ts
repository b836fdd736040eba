import { appoint } from '@ums/commands/admin/appoint';
import { readConfig } from '@ums/embedded/config';
import { type RunningStart, start } from '@ums/embedded/start';
import { silentLog } from '@ums/kit/log';
import { HIGH_LIMITS } from '../load/highLimits.js';
import { openMeasuredService, usersUrlOf } from '../service/measuredService.js';
import { createTestUsers, logIn, type TestUser } from '../service/testUsers.js';
import { countOperations, type OperationCounts } from './countOperations.js';

const PASSWORD_HASH = 'bcrypt:4';

/** Starts the whole service in this process, on an empty data folder, and counts its operations. */
export const countServiceOperations = async (dataDir: string): Promise<OperationCounts> => {
  const service = await start({
    config: readConfig({ PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0', DATA_DIR: dataDir }),
    env: { ...HIGH_LIMITS, PASSWORD_HASH },
    logFor: () => silentLog,
    fsync: false,
    onFatal: (error) => {
      throw error;
    },
  });
  try {
    return await countOperations(service, await administratorOf(service, dataDir));
  } finally {
    await service.close();
  }
};

/** @returns an access token of a new administrator */
const administratorOf = async ({ api, inbox, engines }: RunningStart, dataDir: string): Promise<string> => {
  const users = usersUrlOf(engines.postgres);
  const measured = await openMeasuredService({ api, inbox, users, passwordHash: PASSWORD_HASH, cpu: async () => 0 });
  try {
    const [user] = (await createTestUsers(measured, 1)) as [TestUser];
    await appoint([user.email], { DATA_DIR: dataDir });
    return await logIn(measured, user);
  } finally {
    await measured.close();
  }
};
