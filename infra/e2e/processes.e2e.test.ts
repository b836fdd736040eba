import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appoint } from '@ums/embedded/admin/appoint';
import { type RunningEngines, startEngines } from '@ums/embedded/startEngines';
import { settledDifferences } from './src/oracle/askOracle.js';
import { apiClient } from './test/apiClient.js';
import { fourProcesses } from './test/fourProcesses.js';
import { beginning, ending, middle } from './test/story/chapters.js';
import { beginningOn, type Chapter, type Told } from './test/story/told.js';

let folder: string;
let engines: RunningEngines;
let processes: Awaited<ReturnType<typeof fourProcesses>>;
let told: Told;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-processes-'));
  engines = await startEngines({
    ...{ dataDir: join(folder, 'data'), inboxPort: 0, fsync: false },
    onFatal: (error) => {
      throw error;
    },
  });
  processes = await fourProcesses(engines);
  const client = await apiClient(processes.url);
  const { url: publicUrl, environment } = processes;
  const operator = environment['command-api'];
  told = beginningOn({ client, publicUrl, inbox: engines.inbox, appoint: (email) => appoint([email], operator) });
}, 60_000);

afterAll(async () => {
  await processes?.close();
  await engines?.close();
  await rm(folder, { recursive: true, force: true });
});

const tellAll = (chapters: readonly Chapter[]): void => {
  for (const { tells, tell } of chapters) it(tells, () => tell(told));
};

describe('the four services as processes of their own', () => {
  tellAll(beginning);

  it('F-32 end with exit code 0 when they are told to, and go on where they were', async () => {
    const codes = { 'command-api': 0, projector: 0, notifier: 0, 'query-api': 0 };
    expect(await processes.restart('SIGTERM')).toEqual(codes);
  });

  tellAll(middle);

  it('T-06 forget no session and no token rotated away when they are killed', async () => {
    await processes.restart('SIGKILL');
    const { client, ada } = told;
    expect((await client.ask('GET', '/user', { token: ada.accessToken })).status).toBe(200);
  });

  tellAll(ending);

  it('F-10 leave log, vault and read model that say the same', async () => {
    const { eventLog, vaultFor, usersFor, secrets } = engines;
    const urls = { eventLog, vault: vaultFor('command'), users: usersFor('projector') };
    expect(await settledDifferences({ ...urls, secrets: secrets.environment })).toEqual([]);
  });
});
