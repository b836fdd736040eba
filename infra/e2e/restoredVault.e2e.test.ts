import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { API_PREFIX } from '@ums/contracts/routes';
import { execute } from '../embedded/test/postgres.js';
import { ask } from '../kit/test/ask.js';
import { until } from '../kit/test/until.js';
import { lastingDifferences } from './src/oracle/findDifferences.js';
import { linkOf, mailsTo, nthMail } from './test/inbox.js';
import { type Processes, startProcesses } from './test/startProcesses.js';
import { logIn, newStory, register, type Story, type StoryUser } from './test/story/story.js';

/** Limits that the attempts of this test do not reach. */
const LIMITS = Object.fromEntries(
  ['REQUESTS_PER_SOURCE', 'FAILURES_PER_ACCOUNT_AND_SOURCE', 'FAILURES_PER_ACCOUNT', 'FAILURES_PER_SOURCE'].map(
    (name) => [`LIMIT_${name}`, '100000'],
  ),
);

let processes: Processes;
let story: Story;

beforeAll(async () => {
  processes = await startProcesses(LIMITS);
  story = newStory(processes);
}, 300_000);

const signUp = async (user: StoryUser): Promise<void> => {
  await register(story, user);
  const { token } = linkOf(await nthMail(story.inbox, user.email, 1));
  const { password } = user;
  expect((await story.client.ask('POST', '/auth/confirm', { body: { token, password } })).status).toBe(200);
  await logIn(story, user);
};

/** Copies the files of the vault into another database. No process may be connected to it. */
const backUp = () =>
  execute(processes.engines.postgres, 'create database vault_backup template vault strategy file_copy owner command');

/** Replaces the vault by its copy. */
const restore = async (): Promise<void> => {
  const { postgres } = processes.engines;
  await execute(postgres, 'drop database vault with (force)');
  await execute(postgres, 'alter database vault_backup rename to vault');
};

/** What the person can try with what they had before the erasure. @returns each request with its status */
const tryEverything = async ({ email, password, accessToken: token, refreshToken }: StoryUser): Promise<string[]> => {
  const requests: [string, string, object][] = [
    ['POST', '/auth/login', { body: { email, password } }],
    ['POST', '/auth/refresh', { body: { refreshToken } }],
    ['GET', '/user', { token }],
    ['GET', '/user/history', { token }],
    ['PUT', '/user', { token, body: { name: 'Still here' } }],
  ];
  return Promise.all(
    requests.map(async ([method, path, asked]) => {
      const { status } = await ask(`${processes.publicUrl}${API_PREFIX}${path}`, method, asked);
      return `${method} ${path} ${status}`;
    }),
  );
};

/** A proxy cannot connect to a process that does not listen yet. */
const REFUSED = / (401|502|503)$/;

describe('a vault that is restored from a backup of before an erasure', () => {
  it('G-03 lets the erased person do nothing from the first request on, and has a receipt of the erasure again', async () => {
    const { ada, grace, client } = story;
    for (const user of [ada, grace]) await signUp(user);
    await processes.restart('SIGTERM', backUp);

    const asked = { token: ada.accessToken, body: { password: ada.password } };
    const erased = await client.ask('DELETE', '/user', asked);
    const receipt = erased.headers.get('erasure-receipt') ?? '';
    expect(erased.status).toBe(204);
    const unfinished = 'select from farewell union all select from erasure';
    await until(async () => (await execute(processes.sources.vault, unfinished)).rowCount === 0);
    expect((await client.ask('GET', `/erasures/${receipt}`)).status).toBe(200);

    const answers = new Set<string>();
    let trying = Promise.resolve();
    let isReady = false;
    const status = `select status from account where user_id = '${ada.id}'`;
    await processes.restart('SIGTERM', async () => {
      await restore();
      expect((await execute(processes.sources.vault, status)).rows).toEqual([{ status: 'active' }]);
      trying = (async () => {
        while (!isReady) for (const answer of await tryEverything(ada)) answers.add(answer);
      })();
    });
    isReady = true;
    await trying;
    expect([...answers].filter((answer) => !REFUSED.test(answer))).toEqual([]);
    expect(await tryEverything(ada)).toEqual([
      'POST /auth/login 401',
      'POST /auth/refresh 401',
      'GET /user 401',
      'GET /user/history 401',
      'PUT /user 401',
    ]);
    await logIn(story, grace);

    // The receipt of before is in no backup. The vault has another one, of the same erasure.
    expect((await client.ask('GET', `/erasures/${receipt}`)).status).toBe(404);
    const { rows } = await execute(processes.sources.vault, 'select receipt from erasure_receipt');
    expect(rows).toHaveLength(1);
    const stated = async () => (await client.ask('GET', `/erasures/${rows[0].receipt}`)).json;
    // Reads of receipts count against the limit of a source.
    await until(async () => (await stated()).steps.readModels.state === 'done' || sleep(100, false));
    const json = await stated();
    const done = { state: 'done', at: expect.any(String) };
    expect(json).toMatchObject({
      complete: false,
      steps: {
        ...{ keyDestroyed: done, addressesReleased: done, sessionsEnded: done, pictures: done, mailRecords: done },
        ...{ readModels: { state: 'done' }, diskRewritten: { state: 'pending', at: null } },
      },
    });
    expect(await mailsTo(story.inbox, ada.email)).toHaveLength(2);
    expect(await lastingDifferences(processes.sources)).toEqual([]);
  }, 420_000);
});
