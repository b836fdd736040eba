import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { signinStream } from '@ums/contracts/streams';
import { ANY, LogUnavailable } from '@ums/kit/event-log/eventLog';
import { silentLog } from '@ums/kit/log';
import { until } from '../../../infra/kit/test/until.js';
import { SIGN_IN_HISTORY_DAYS, type TestReconcilers, testReconcilers } from '../../test/testReconcilers.js';
import { limitEarlierSignIns } from './earlierSignIns.js';

const DAY_SECONDS = 86_400;

let reconcilers: TestReconcilers;
let deps: TestReconcilers['deps'];
let userIds: string[];
beforeEach(async () => {
  reconcilers = await testReconcilers();
  deps = reconcilers.deps;
  userIds = await addUsers(120);
});
afterEach(() => reconcilers.close());

/** Adds users with a sign-in each, as an earlier version left them. */
const addUsers = async (count: number): Promise<string[]> => {
  const { rows } = await deps.vault.query<{ user_id: string }>(
    `insert into account (user_id, registration_id, status)
     select gen_random_uuid(), gen_random_uuid(), 'active' from generate_series(1, $1) returning user_id`,
    [count],
  );
  const ids = rows.map(({ user_id }) => user_id);
  for (const id of ids)
    await deps.eventLog.append(
      signinStream(id),
      [{ id: randomUUID(), type: 'SessionStarted', data: {}, metadata: {} }],
      ANY,
    );
  return ids;
};

/** The age of each user's sign-in stream in days, with the number of times that it was set. */
const ages = async (): Promise<(readonly [number, number] | undefined)[]> => {
  const all = await Promise.all(userIds.map((id) => deps.eventLog.readStream(`$$${signinStream(id)}`)));
  return all.map((metadata) => {
    const { $maxAge } = (metadata.at(-1)?.data ?? {}) as { $maxAge?: number };
    return $maxAge === undefined ? undefined : ([$maxAge / DAY_SECONDS, metadata.length] as const);
  });
};
const limited = async () => (await ages()).filter((age) => age !== undefined).length;
const everyAge = (days: number, times: number) => userIds.map(() => [days, times]);
const noted = async (): Promise<string[]> =>
  (await deps.vault.query<{ id: string }>('select user_id as id from unlimited_sign_in order by 1')).rows.map(
    ({ id }) => id,
  );
/** The log refuses metadata of these users. */
const refusing = (refused: ReadonlySet<string>): typeof deps.eventLog => ({
  ...deps.eventLog,
  setMaxAge: async (stream, ...rest) => {
    if ([...refused].some((id) => stream === signinStream(id))) throw new LogUnavailable();
    await deps.eventLog.setMaxAge(stream, ...rest);
  },
});
const warningsTo = (warnings: string[]) => ({ ...silentLog, warn: (message: string) => void warnings.push(message) });
const finished = async () => (await deps.vault.query('select finished from sign_in_limit')).rows[0]?.finished;

describe('sign-in streams that began before their age was set', () => {
  it('get it from the reconciler', async () => {
    await reconcilers.start();
    await until(finished);
    expect(await ages()).toEqual(everyAge(SIGN_IN_HISTORY_DAYS, 1));
  });

  it('get it in parts, from a new process too, and then cost one query', async () => {
    const next = limitEarlierSignIns(deps, 400, 50);
    await next();
    expect(await limited()).toBe(50);
    let calls = 0;
    const setMaxAge: typeof deps.eventLog.setMaxAge = (...given) => {
      calls += 1;
      return deps.eventLog.setMaxAge(...given);
    };
    const restarted = limitEarlierSignIns({ ...deps, eventLog: { ...deps.eventLog, setMaxAge } }, 400, 50);
    await restarted();
    await restarted();
    expect([calls, await finished(), await ages()]).toEqual([70, true, everyAge(400, 1)]);
    const unreachable = async () => {
      throw new Error('asked for nothing');
    };
    const warnings: string[] = [];
    const log = warningsTo(warnings);
    const once = limitEarlierSignIns({ ...deps, log, eventLog: { ...deps.eventLog, setMaxAge: unreachable } }, 400);
    await once();
    await deps.vault.query('alter table sign_in_limit rename to unavailable');
    await once();
    await restarted();
    await deps.vault.query('alter table unavailable rename to sign_in_limit');
    expect(warnings).toEqual([]);
  });

  it('F-15 are passed over where they fail, each logged once, and tried again by a new process too', async () => {
    const sorted = [...userIds].sort();
    const refused = new Set([3, 4, 77].map((index) => sorted[index] ?? ''));
    const warnings: string[] = [];
    const failing = { ...deps, log: warningsTo(warnings), eventLog: refusing(refused) };
    const next = limitEarlierSignIns(failing, 400, 40);
    for (let turn = 0; turn < 6; turn++) await next();
    expect([await finished(), await limited(), await noted()]).toEqual([true, 117, [...refused].sort()]);
    await limitEarlierSignIns(failing, 400, 40)();
    expect(warnings).toEqual([...refused].map(() => 'sign-in stream not limited'));
    refused.delete(sorted[4] ?? '');
    await next();
    expect([await limited(), await noted()]).toEqual([118, [...refused].sort()]);
    await limitEarlierSignIns(deps, 400, 40)();
    expect([await ages(), await noted()]).toEqual([everyAge(400, 1), []]);
  });

  it('F-15 are all tried again in turn, however many fail for good', async () => {
    await limitEarlierSignIns(deps, 30, 200)();
    const sorted = [...userIds].sort();
    const refused = new Set(sorted.slice(0, 60));
    await deps.vault.query(
      `insert into unlimited_sign_in (user_id, tried_at)
       select id, now() - interval '1 hour' + n * interval '1 second' from unnest($1::uuid[]) with ordinality as given (id, n)`,
      [sorted],
    );
    const next = limitEarlierSignIns({ ...deps, eventLog: refusing(refused) }, 30, 200);
    for (let turn = 0; turn < 3; turn++) await next();
    expect(await noted()).toEqual([...refused].sort());
  });

  it('are tried again from the same place while the log refuses all', async () => {
    const refused = new Set(userIds);
    const warnings: string[] = [];
    const next = limitEarlierSignIns({ ...deps, log: warningsTo(warnings), eventLog: refusing(refused) }, 400);
    await next();
    expect([warnings, await noted()]).toEqual([['earlier sign-in streams not limited'], []]);
    refused.clear();
    await next();
    expect(await ages()).toEqual(everyAge(400, 1));
  });

  it('get another age when the setting changes, back and forth, unless an operator has set one', async () => {
    const [kept = ''] = userIds.splice(0, 1);
    const isKept = async () => (await deps.eventLog.readStream(`$$${signinStream(kept)}`)).map(({ data }) => data);
    await deps.eventLog.setMaxAge(signinStream(kept), 7 * DAY_SECONDS);
    for (const [index, days] of [400, 30, 400].entries()) {
      await limitEarlierSignIns(deps, days)();
      expect(await ages()).toEqual(everyAge(days, index + 1));
    }
    expect(await isKept()).toEqual([{ $maxAge: 7 * DAY_SECONDS }]);
    expect((await deps.vault.query('select days, replaced from sign_in_limit')).rows).toEqual([
      { days: 400, replaced: [30] },
    ]);
  });

  it('are left to the process that has begun with another age', async () => {
    const [older, newer] = [limitEarlierSignIns(deps, 400, 50), limitEarlierSignIns(deps, 30, 200)];
    await older();
    await newer();
    await older();
    expect((await deps.vault.query('select days, finished from sign_in_limit')).rows).toEqual([
      { days: 30, finished: true },
    ]);
  });
});
