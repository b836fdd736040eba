import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { userStream } from '@ums/contracts/streams';
import type { RunningEngines } from '@ums/embedded/startEngines';
import { type ConnectedEventLog, connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { ANY } from '@ums/kit/event-log/eventLog';
import { silentLog } from '@ums/kit/log';
import { migrate } from '@ums/kit/postgres/migrate';
import { execute, testDatabase } from '../../../embedded/test/postgres.js';
import { startLogServer } from '../../../kit/test/logServer.js';
import { checkPeople } from './checkPeople.js';

const MIGRATIONS = join(import.meta.dirname, '../../../../command-api/migrations');

let vault: Awaited<ReturnType<typeof testDatabase>>;
let server: Awaited<ReturnType<typeof startLogServer>>;
let eventLog: ConnectedEventLog;

beforeAll(async () => {
  [vault, server] = await Promise.all([testDatabase('vault'), startLogServer()]);
  await migrate({ url: vault.url, dir: MIGRATIONS, log: silentLog });
  eventLog = connectEventLog({ url: server.url, log: silentLog });
});
afterAll(async () => {
  await eventLog.close();
  await Promise.all([vault.drop(), server.close()]);
});

const append = async (id: string, type: string): Promise<bigint> =>
  (await eventLog.append(userStream(id), [{ id: randomUUID(), type, data: {}, metadata: {} }], ANY)).position;
const check = (settledBefore: bigint) => {
  const engines = { eventLog: server.url, vaultFor: () => vault.url } as unknown as RunningEngines;
  return checkPeople({ engines, metrics: '', settledBefore });
};

describe('checkPeople', () => {
  it('G-05 tells keys that are lost after the backup from keys that a backup lacks', async () => {
    const id = randomUUID();
    const position = await append(id, 'UserRegistered');
    expect(await check(position - 1n)).toEqual({ registered: 1, erased: 0, erasedAfter: 0, lost: 1 });
    await expect(check(position)).rejects.toThrow(`The vault has no key of user ${id}`);
    await execute(vault.url, `insert into data_key (subject, wrapped, master_key_id) values ('${id}', 'key', 'id')`);
    expect(await check(position)).toMatchObject({ registered: 1, lost: 0 });
  });

  it('G-03 finds a key that an erasure should have destroyed', async () => {
    const id = randomUUID();
    await append(id, 'UserRegistered');
    await execute(vault.url, `insert into data_key (subject, wrapped, master_key_id) values ('${id}', 'key', 'id')`);
    const erasedAt = await append(id, 'UserErasureStarted');
    await expect(check(erasedAt)).rejects.toThrow(`User ${id} was erased, and the vault does not say so.`);
    await execute(
      vault.url,
      `update data_key set wrapped = null, master_key_id = null, erased_at = now() where subject = '${id}'`,
    );
    expect(await check(erasedAt)).toMatchObject({ registered: 2, erased: 1, erasedAfter: 0 });
    expect(await check(erasedAt - 1n)).toMatchObject({ erasedAfter: 1 });
  });
});
