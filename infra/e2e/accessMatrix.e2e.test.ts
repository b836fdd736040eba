import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appoint } from '@ums/commands/admin/appoint';
import { readConfig } from '@ums/embedded/config';
import { type RunningStart, start } from '@ums/embedded/start';
import { silentLog } from '@ums/kit/log';
import { PATIENT } from '../../command-api/test/testApi.js';
import type { HttpAnswer, RequestOptions } from '../kit/test/ask.js';
import { until } from '../kit/test/until.js';
import { cellsOf } from './test/access/accessCells.js';
import { type AccessParties, accessParties } from './test/access/accessParties.js';
import { ACCESS_ROWS } from './test/access/accessRows.js';
import { type ApiClient, apiClient, slugOf } from './test/apiClient.js';
import { FEEDBACK_TOPIC } from './test/forgedNotice.js';

/** No test of access may be refused for the number of its requests. */
const HIGH_LIMITS = { LIMIT_REQUESTS_PER_SOURCE: '100000', LIMIT_MAILS_PER_SOURCE: '100000' };
const USER_FIELDS = [
  'id',
  'email',
  'name',
  'status',
  'roles',
  'locale',
  'registeredAt',
  'revision',
  'picture',
  'mailBlock',
];

let folder: string;
let running: RunningStart;
let client: ApiClient;
let parties: AccessParties;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-access-'));
  const DATA_DIR = join(folder, 'data');
  running = await start({
    config: readConfig({ PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0', DATA_DIR }),
    env: {
      ...{ PASSWORD_HASH: 'bcrypt:4', CHECKPOINT_SECONDS: '1', SES_FEEDBACK_TOPIC_ARN: FEEDBACK_TOPIC },
      ...HIGH_LIMITS,
    },
    logFor: () => silentLog,
    fsync: false,
    eventLoopDelayMs: () => 0,
    requestTimeouts: PATIENT,
    onFatal: (error) => {
      throw error;
    },
  });
  client = await apiClient(running.api);
  parties = await accessParties(client, running.inbox, (email) => appoint([email], { DATA_DIR }));
}, 300_000);
afterAll(async () => {
  await running.close();
  await rm(folder, { recursive: true, force: true });
});

/** The users that an answer shows. */
const usersIn = ({ json }: HttpAnswer): object[] =>
  [json?.user ?? json?.items ?? json].flat().filter((one) => one?.email !== undefined);

describe.each(Object.entries(ACCESS_ROWS))('%s', (operation, row) => {
  const [method = '', path = ''] = operation.split(' ');

  it.each(cellsOf(operation, row))('Z-01 Z-05 answers $caller on $target: $answer', async (cell) => {
    const isNew = row.spends === true && cell.answer.startsWith('2');
    const caller = await parties.caller(cell.caller, isNew);
    const target = await parties.target(cell.target, caller, isNew);
    const asked: RequestOptions = row.request?.(caller) ?? { token: caller.accessToken };
    const url = path.replace('{id}', target.id).replace('{receipt}', randomUUID()) + (row.query ?? '');
    const send = () =>
      client.ask(method.toUpperCase(), url, { ...asked, headers: { ...asked.headers, ...parties.consistency() } });
    let answer = await send();
    if (row.needsCheckpoint)
      await until(async () => {
        if (answer.status === 503) answer = await send();
        return answer.status !== 503;
      });
    const slug = answer.status >= 400 ? slugOf(answer) : undefined;
    expect([answer.status, slug].join(' ').trim()).toBe(cell.answer);
    const users = usersIn(answer);
    expect(users).toHaveLength(answer.status < 300 ? (row.users ?? 0) : 0);
    for (const user of users) expect(Object.keys(user).sort()).toEqual([...USER_FIELDS].sort());
  });
});
