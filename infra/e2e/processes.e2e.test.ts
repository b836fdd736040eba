import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appoint } from '@ums/embedded/admin/appoint';
import { type RunningEngines, startEngines } from '@ums/embedded/startEngines';
import { lastingDifferences } from './src/oracle/findDifferences.js';
import { apiClient } from './test/apiClient.js';
import { fourProcesses } from './test/fourProcesses.js';
import { firstSteps, lastSteps, middleSteps } from './test/story/steps.js';
import { newStory, type Step, type Story } from './test/story/story.js';

let folder: string;
let engines: RunningEngines;
let processes: Awaited<ReturnType<typeof fourProcesses>>;
let story: Story;

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
  story = newStory({ client, publicUrl, inbox: engines.inbox, appoint: (email) => appoint([email], operator) });
}, 60_000);

afterAll(async () => {
  await processes?.close();
  await engines?.close();
  await rm(folder, { recursive: true, force: true });
});

const runSteps = (steps: readonly Step[]): void => {
  for (const { title, run } of steps) it(title, () => run(story));
};

describe('the four services in separate processes', () => {
  runSteps(firstSteps);

  it('F-32 end with exit code 0 on SIGTERM, and continue after a restart', async () => {
    const codes = { 'command-api': 0, projector: 0, notifier: 0, 'query-api': 0 };
    expect(await processes.restart('SIGTERM')).toEqual(codes);
  });

  runSteps(middleSteps);

  it('T-06 keep sessions and rotated refresh tokens when they are killed', async () => {
    await processes.restart('SIGKILL');
    const { client, ada } = story;
    expect((await client.ask('GET', '/user', { token: ada.accessToken })).status).toBe(200);
  });

  runSteps(lastSteps);

  it('F-10 leave log, vault and read model without differences', async () => {
    const { eventLog, vaultFor, usersFor, secrets } = engines;
    const urls = { eventLog, vault: vaultFor('command'), users: usersFor('projector') };
    expect(await lastingDifferences({ ...urls, secrets: secrets.environment })).toEqual([]);
  });
});
