import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appoint } from '@ums/commands/admin/appoint';
import { ROUTES } from '@ums/contracts/routes';
import type { RunningStart } from '@ums/embedded/start';
import { PATIENT } from '../../command-api/test/testApi.js';
import { testSns } from '../../command-api/test/testSns.js';
import { execute } from '../embedded/test/postgres.js';
import { type ServiceOnFolder, serviceOnFolder } from '../embedded/test/serviceOnFolder.js';
import { findDifferences, lastingDifferences } from './src/oracle/findDifferences.js';
import { type ApiClient, apiClient, uncheckedOperations } from './test/apiClient.js';
import { FEEDBACK_TOPIC } from './test/forgedNotice.js';
import { firstSteps, lastSteps, middleSteps } from './test/story/steps.js';
import { newStory, type Story } from './test/story/story.js';

let service: ServiceOnFolder;
let running: RunningStart;
let client: ApiClient;
let story: Story;

beforeAll(async () => {
  const sns = await testSns();
  service = await serviceOnFolder({
    env: { CHECKPOINT_SECONDS: '1', SES_FEEDBACK_TOPIC_ARN: FEEDBACK_TOPIC },
    ...{ fetchFromSns: sns.fetchFromSns, requestTimeouts: PATIENT },
  });
  await service.start();
  running = service.running();
  client = await apiClient(running.api);
  const { inbox, publicUrl } = running;
  const DATA_DIR = service.dataDir;
  story = newStory({ client, inbox, publicUrl, sns, appoint: (email) => appoint([email], { DATA_DIR }) });
}, 300_000);

afterAll(() => service.remove());

describe('the whole service in one process', () => {
  for (const { title, run } of [...firstSteps, ...middleSteps, ...lastSteps]) it(title, () => run(story));
});

describe('log, vault and read model', () => {
  const sources = () => {
    const { eventLog, vaultFor, usersFor, secrets } = running.engines;
    const urls = { eventLog, vault: vaultFor('command'), users: usersFor('projector') };
    return { ...urls, secrets: secrets.environment };
  };

  it('F-10 have no differences after the story', async () => {
    expect(await lastingDifferences(sources())).toEqual([]);
  }, 300_000);

  it('are reported with ids and field names when they differ', async () => {
    const { vault, users } = sources();
    const { id } = story.grace;
    await execute(users, `update read.user_profile_v1 set name = 'Eve', revision = 9 where user_id = '${id}'`);
    await execute(users, `delete from read.user_profile_v1 where user_id <> '${id}'`);
    await execute(users, `delete from read.user_term_v1`);
    await execute(vault, `update account set epoch = 0, roles = '{user}' where user_id = '${id}'`);
    await execute(vault, `delete from address where user_id = '${id}'`);
    await execute(
      vault,
      `insert into session (id, user_id, epoch, expires_at)
        select user_id, user_id, sessions_from, now() from account where user_id = '${id}'`,
    );
    expect(await findDifferences(sources())).toEqual([
      `profile ${id}: name`,
      `profile ${id}: revision`,
      expect.stringMatching(/^profile \S+: missing$/),
      'directory: number of users',
      'directory: users with terms',
      `account ${id}: roles`,
      `account ${id}: epoch`,
      `account ${id}: address`,
      `session ${id}: started`,
    ]);
  });
});

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const program = join(import.meta.dirname, 'test', 'validateDocument.mjs');
    const { stdout } = await promisify(execFile)(process.execPath, [program, `${running.api}/openapi.json`]);
    expect(JSON.parse(stdout)).toEqual({ valid: true, errors: [], version: '3.1' });
  });

  it('contains exactly the routes of the route table', () => {
    const routes = ROUTES.map(({ method, path }) => `${method} ${path}`);
    expect([...client.document.operations].sort()).toEqual(routes.sort());
  });

  it('has a valid example for every request body and JSON answer', () => {
    expect(client.document.badExamples()).toEqual([]);
  });

  it('was checked against a success and an error of every route', () => {
    expect(uncheckedOperations(client)).toEqual([]);
  });
});
