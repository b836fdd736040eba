import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../load/statistics.js';
import { ask } from '../service/ask.js';
import { newUser, PASSWORD, untilMailed } from '../service/testUsers.js';
import { type CallRecorder, type RecordedCalls, recordCalls } from './recordCalls.js';

/** Statements and calls of the event log that one operation costs in all services, including what follows its answer. */
export type OperationCounts = Readonly<Record<Operation, RecordedCalls>>;

export type Operation = 'register' | 'confirm' | 'log in' | 'refresh' | 'own user' | 'list users';

const ROUNDS = 3;
/** Longer than the pauses before the steps that follow an operation: the reconciler leaves events alone for a second. */
const QUIET_MS = 1_300;

/**
 * Counts what each operation sends to Postgres and the event log. The service must run in this process. Background work
 * does not occur in every round, so the median over the rounds leaves it out.
 *
 * @param token of an administrator, who may list the users.
 */
export const countOperations = async (
  { api, inbox }: { api: string; inbox: string },
  token: string,
): Promise<OperationCounts> => {
  const recorder = recordCalls();
  try {
    const rounds: Record<Operation, RecordedCalls>[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) rounds.push(await countOnce(recorder, { api, inbox, token }));
    // The first round prepares connections and caches.
    return mediansOf(rounds.slice(1));
  } finally {
    recorder.stop();
  }
};

const countOnce = async (
  recorder: CallRecorder,
  { api, inbox, token }: { api: string; inbox: string; token: string },
): Promise<Record<Operation, RecordedCalls>> => {
  const user = newUser();
  await quiet(recorder);
  const counted = async <T>(work: () => Promise<T>): Promise<[RecordedCalls, T]> => {
    recorder.take();
    const result = await work();
    await quiet(recorder);
    return [recorder.take(), result];
  };
  const post = (path: string, body: object) => async () => (await ask(api, 'POST', path, { body })).body;
  const [register, mailed] = await counted(async () => {
    await post('/auth/register', user)();
    return untilMailed(inbox, user.email);
  });
  const [confirm] = await counted(post('/auth/confirm', { token: mailed, password: PASSWORD }));
  const [logIn, session] = await counted(post('/auth/login', { email: user.email, password: PASSWORD }));
  const { accessToken, refreshToken } = session as { accessToken: string; refreshToken: string };
  const [refresh] = await counted(post('/auth/refresh', { refreshToken }));
  // query-api reads the revocations while tokens are checked, and begins with the first.
  await ask(api, 'GET', '/user', { token: accessToken });
  await quiet(recorder);
  const [ownUser] = await counted(() => ask(api, 'GET', '/user', { token: accessToken }));
  const [list] = await counted(() => ask(api, 'GET', '/users?limit=50', { token }));
  return { register, confirm, 'log in': logIn, refresh, 'own user': ownUser, 'list users': list };
};

/** Waits until nothing was sent for {@link QUIET_MS}. */
const quiet = async (recorder: CallRecorder): Promise<void> => {
  for (let before = -1; before !== recorder.total(); ) {
    before = recorder.total();
    await sleep(QUIET_MS);
  }
};

const mediansOf = (rounds: readonly Record<Operation, RecordedCalls>[]): OperationCounts => {
  const [first] = rounds as [Record<Operation, RecordedCalls>];
  const operations = Object.keys(first) as Operation[];
  return Object.fromEntries(
    operations.map((operation) => [
      operation,
      {
        statements: medianEntries(rounds.map((round) => round[operation].statements)),
        logCalls: medianEntries(rounds.map((round) => round[operation].logCalls)),
      },
    ]),
  ) as Record<Operation, RecordedCalls>;
};

/** Each entry as often as in the median round, sorted. */
const medianEntries = (rounds: readonly string[][]): string[] =>
  [...new Set(rounds.flat())].sort().flatMap((entry) => {
    const times = median(rounds.map((round) => round.filter((other) => other === entry).length));
    return Array<string>(Math.round(times)).fill(entry);
  });
