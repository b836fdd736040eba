import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PictureEvent } from '@ums/contracts/events/picture';
import { pictureStream, signinStream, userStream } from '@ums/contracts/streams';
import { isSettledTo } from '@ums/identity/vault/settledVault';
import { ANY, type ExpectedRevision, LogUnavailable, NO_STREAM, WrongRevision } from '@ums/kit/event-log/eventLog';
import { appendFacts } from '@ums/kit/facts/appendFacts';
import { serviceCause } from '@ums/kit/facts/cause';
import { silentLog } from '@ums/kit/log';
import { metricsText } from '@ums/kit/metrics';
import { holdAdvisoryLock } from '@ums/kit/single-active/advisoryLock';
import { seededRandom } from '../../../infra/e2e/test/recovery/seededRandom.js';
import { memoryEventLog } from '../../../infra/kit/test/memoryEventLog.js';
import { unreliableSubscription } from '../../../infra/kit/test/unreliableSubscription.js';
import { until } from '../../../infra/kit/test/until.js';
import {
  accountOfUser,
  Crashed,
  confirmCallerAs,
  confirmedUser,
  liveCallerOf,
  PASSWORD,
  registrationToken,
  requestOrigin,
  type TestCommands,
} from '../../test/testCommands.js';
import { SIGN_IN_HISTORY_DAYS, type TestReconcilers, testReconcilers } from '../../test/testReconcilers.js';
import { suspendUser } from '../administration/changeSuspension.js';
import { changeUser } from '../change/changeUser.js';
import { eraseUser } from '../profile/eraseUser.js';
import { confirm } from '../registration/confirm.js';
import { decide } from '../user/decide.js';
import { loadUser, profileOf } from '../user/loadUser.js';
import { reconcileBatch } from './reconcileBatch.js';
import { RECONCILER, reconcilerCheckpoint } from './reconcilerPosition.js';
import { reconcileToHead } from './reconcileToHead.js';

let reconcilers: TestReconcilers;
let deps: TestCommands;
beforeEach(async () => {
  reconcilers = await testReconcilers();
  deps = reconcilers.deps;
});
afterEach(() => reconcilers.close());

const checkpoint = async () => (await reconcilerCheckpoint.read(deps.vault))?.position;
const append = (stream: string, type: string, data = {}) =>
  deps.eventLog.append(stream, [{ id: randomUUID(), type, data, metadata: {} }], ANY);
/** Sets every account back, as if no command had settled it. */
const unsettle = () => deps.vault.query('update account set revision = -1');
const isSettled = async (userId: string) => (await accountOfUser(deps, userId)).revision === '0';
/** Appends the suspension of a user, then crashes before the vault is settled. */
const crashWhileSuspending = async (userId: string) => {
  deps.crashAfter('facts-appended');
  const suspension = { caller: liveCallerOf(userId), userId, reason: 'spam', confirmCaller: confirmCallerAs(userId) };
  await expect(suspendUser(deps, suspension, requestOrigin())).rejects.toBeInstanceOf(Crashed);
};
const erase = (userId: string) =>
  eraseUser(deps, { userId, password: PASSWORD, confirmCaller: confirmCallerAs(userId) }, requestOrigin());

describe('a reconciler', () => {
  it('is on standby while another one is active, and ready once it has reached the head of the log', async () => {
    const userId = await confirmedUser(deps, 'ada@example.org');
    const { signal } = new AbortController();
    const lock = { url: deps.url, key: RECONCILER, onLost: () => undefined, signal, log: silentLog };
    const held = await holdAdvisoryLock(lock);
    await unsettle();
    const reconciler = await reconcilers.start();
    expect(await reconciler.ready()).toBe(false);
    const lag = async () => (await metricsText()).text;
    expect(await lag()).toContain(`ums_reconciler_lag_events ${deps.eventLog.events.length}`);
    await held.release();
    await until(() => reconciler.ready());
    // The reconciler may append an event itself, which it reaches a moment later.
    await until(async () => (await lag()).includes('ums_reconciler_lag_events 0'));
    expect(await accountOfUser(deps, userId)).toMatchObject({ revision: '0' });
  });

  it('is ready at once on an empty log', async () => {
    const reconciler = await reconcilers.start({ eventLog: memoryEventLog() });
    expect(await reconciler.ready()).toBe(true);
  });

  it('stores its checkpoint at intervals, not for each batch of events that it does not settle', async () => {
    let saves = 0;
    const query = (...args: unknown[]) => {
      const { name = '', values = [] } = args[0] as { name?: string; values?: unknown[] };
      if (name.startsWith('advance') && values[0] === RECONCILER) saves += 1;
      return (deps.vault.query as (...given: unknown[]) => unknown)(...args);
    };
    const vault = new Proxy(deps.vault, {
      get: (target, name) => (name === 'query' ? query : Reflect.get(target, name)),
    });
    await reconcilers.start({ vault }, { sweepEveryMs: 60_000, saveEveryMs: 60_000, startingMs: 0 });
    const signIn = async () => {
      await append(signinStream(randomUUID()), 'SessionStarted');
      await until(async () => (await metricsText()).text.includes('ums_reconciler_lag_events 0'));
    };
    await signIn();
    await until(() => saves === 1);
    for (let count = 0; count < 20; count += 1) await signIn();
    expect(saves).toBe(1);
  });

  it('stops and is never ready again on a log other than the one of its checkpoint', async () => {
    const first = await reconcilers.start();
    await until(() => first.ready());
    await first.close();
    const errors: string[] = [];
    const log = { ...silentLog, error: (message: string) => void errors.push(message) };
    const reconciler = await reconcilers.start({ log, eventLog: memoryEventLog() });
    await until(async () => errors.includes('reconciler stopped'));
    expect(await reconciler.ready()).toBe(false);
  });

  it('continues from its checkpoint, past streams of other kinds', async () => {
    const first = await reconcilers.start();
    await append('other-1', 'OtherEvent');
    await until(async () => (await checkpoint()) === deps.eventLog.events.at(-1)?.position);
    await first.close();
    const userId = await confirmedUser(deps, 'ada@example.org');
    await unsettle();
    await reconcilers.start();
    await until(() => isSettled(userId));
  });

  it('takes over when the active one closes', async () => {
    const first = await reconcilers.start();
    await until(() => first.ready());
    const second = await reconcilers.start();
    await first.close();
    const userId = await confirmedUser(deps, 'ada@example.org');
    await crashWhileSuspending(userId);
    await until(async () => (await accountOfUser(deps, userId)).status === 'suspended');
    expect(await second.ready()).toBe(true);
  });

  it('tries again after a failure of the vault', async () => {
    const userId = await confirmedUser(deps, 'ada@example.org');
    await unsettle();
    await deps.vault.query('alter table checkpoint rename to unavailable');
    const errors: string[] = [];
    await reconcilers.start({ log: { ...silentLog, error: (message) => void errors.push(message) } });
    await until(async () => errors.length > 0);
    await deps.vault.query('alter table unavailable rename to checkpoint');
    await until(() => isSettled(userId));
  });

  it('F-15 limits the history of sign-ins that begin, and one that cannot be limited does not hold its checkpoint', async () => {
    const [refused, other] = [signinStream(randomUUID()), signinStream(randomUUID())];
    const setMaxAge: typeof deps.eventLog.setMaxAge = (stream, ...rest) =>
      stream === refused ? Promise.reject(new LogUnavailable()) : deps.eventLog.setMaxAge(stream, ...rest);
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
    const failing = await reconcilers.start({ log, eventLog: { ...deps.eventLog, setMaxAge } }, { sweepEveryMs: 5 });
    for (const stream of [refused, other]) await append(stream, 'SessionStarted', { sessionId: randomUUID() });
    const ageOf = async (stream: string) => (await deps.eventLog.readStream(`$$${stream}`))[0]?.data;
    await until(async () => (await checkpoint()) === deps.eventLog.events.at(-1)?.position);
    expect(await ageOf(other)).toEqual({ $maxAge: SIGN_IN_HISTORY_DAYS * 86_400 });
    await failing.close();
    // A sweep may try it at the same time.
    expect([await ageOf(refused), [...new Set(warnings)]]).toEqual([undefined, ['sign-in stream not limited']]);
    await reconcilers.start();
    await until(async () => (await ageOf(refused)) !== undefined);
  });

  it('holds its checkpoint while a sign-in is neither limited nor noted in the vault', async () => {
    const stream = signinStream(randomUUID());
    const setMaxAge: typeof deps.eventLog.setMaxAge = () => Promise.reject(new LogUnavailable());
    await deps.vault.query('alter table unlimited_sign_in rename to unavailable');
    const failing = await reconcilers.start({ eventLog: { ...deps.eventLog, setMaxAge } }, { sweepEveryMs: 5 });
    const { position } = await append(stream, 'SessionStarted', { sessionId: randomUUID() });
    // Other services do not wait for that.
    await until(() => isSettledTo(deps.vault, position));
    await failing.close();
    expect((await checkpoint()) ?? -1n).toBeLessThan(position);
    await deps.vault.query('alter table unavailable rename to unlimited_sign_in');
    await reconcilers.start();
    await until(async () => (await deps.eventLog.readStream(`$$${stream}`)).length === 1);
    await until(async () => (await checkpoint()) === deps.eventLog.events.at(-1)?.position);
  });
});

describe('the outcome of a picture whose user keeps changing', () => {
  let ada: string;
  let eve: string;
  /** The log holds the outcome of a picture of Ada, and a suspension of Eve that is not settled. */
  beforeEach(async () => {
    [ada, eve] = [await confirmedUser(deps, 'ada@example.org'), await confirmedUser(deps, 'eve@example.org')];
    const pictureId = randomUUID();
    const cause = serviceCause('keeper', { id: randomUUID(), correlationId: randomUUID() });
    await changeUser(deps, {
      ...{ userId: ada, cause },
      decide: (user) => decide({ type: 'SubmitPicture', pictureId }, user),
    });
    await appendFacts<PictureEvent>(deps, {
      stream: pictureStream(pictureId),
      events: [{ type: 'PictureProcessed', data: { userId: ada } }],
      expected: NO_STREAM,
      cause,
    });
    await crashWhileSuspending(eve);
  });
  const isSuspended = async () => (await accountOfUser(deps, eve)).status === 'suspended';
  const isAccepted = async () => profileOf(await loadUser(deps, ada)).picture?.status === 'ready';
  const errors: string[] = [];
  const log = { ...silentLog, error: (message: string) => void errors.push(message) };

  it('is settled when the user does not change any more, and delays nothing else', async () => {
    // As many conflicts as one attempt meets.
    deps.eventLog.conflict(4);
    await reconcilers.start({ log });
    await until(isSuspended);
    await until(isAccepted);
    await until(async () => (await checkpoint()) === deps.eventLog.events.at(-1)?.position);
    expect(errors).toEqual([]);
  });

  it('is left to the next reconciler if the first one ends before', async () => {
    const append = async (stream: string, _: unknown, expected: ExpectedRevision) => {
      throw new WrongRevision(stream, expected, NO_STREAM);
    };
    const first = await reconcilers.start({ log, eventLog: { ...deps.eventLog, append } });
    await until(isSuspended);
    await until(() => first.ready());
    await first.close();
    expect([errors, await isAccepted()]).toEqual([[], false]);
    await reconcilers.start({ log });
    await until(isAccepted);
  });
});

describe('a reconciler whose subscription does not deliver every event in its turn', () => {
  it('F-12 takes over the outcome of a picture that was lost, before its checkpoint passes over it', async () => {
    const userId = await confirmedUser(deps, 'ada@example.org');
    const pictureId = randomUUID();
    const cause = serviceCause('keeper', { id: randomUUID(), correlationId: randomUUID() });
    await changeUser(deps, { userId, cause, decide: (user) => decide({ type: 'SubmitPicture', pictureId }, user) });
    const processed: PictureEvent = { type: 'PictureProcessed', data: { userId } };
    const stream = pictureStream(pictureId);
    await appendFacts<PictureEvent>(deps, { stream, events: [processed], expected: NO_STREAM, cause });
    const lostAt = deps.eventLog.events.at(-1)?.position;
    await confirmedUser(deps, 'bob@example.org');
    const follow: typeof deps.eventLog.follow = async function* (after, { signal }) {
      for await (const event of deps.eventLog.follow(after, { signal })) if (event.position !== lostAt) yield event;
    };
    await reconcilers.start({ eventLog: { ...deps.eventLog, follow } });
    await until(async () => ((await checkpoint()) ?? -1n) > (lostAt ?? 0n));
    expect(profileOf(await loadUser(deps, userId)).picture?.status).toBe('ready');
  });

  it('does not read again what came from pages of the log', async () => {
    await confirmedUser(deps, 'ada@example.org');
    const head = (await deps.eventLog.head()) as bigint;
    let reads = 0;
    const positions: typeof deps.eventLog.positions = (after, upTo) => {
      if ((after ?? -1n) < head) reads += 1;
      return deps.eventLog.positions(after, upTo);
    };
    const follow: typeof deps.eventLog.follow = async function* (after, options) {
      options.onPage?.(after, head);
      // The sweep adds events behind the page; one that comes with those of the page is a reason to read.
      for await (const event of deps.eventLog.follow(after, options)) if (event.position <= head) yield event;
    };
    await reconcilers.start({ eventLog: { ...deps.eventLog, positions, follow } });
    await until(async () => ((await checkpoint()) ?? -1n) >= head);
    expect(reads).toBe(0);
  });

  it('F-12 settles every account although events are lost, swapped and repeated', async () => {
    const users: string[] = [];
    for (let i = 0; i < 8; i++) {
      users.push(await confirmedUser(deps, `user${i}@example.org`));
      await crashWhileSuspending(users[i] as string);
    }
    await unsettle();
    const faults = { repeated: 0.2, swapped: 0.2, lostForGood: 0.7, random: seededRandom(2) };
    const { eventLog, faultCount } = unreliableSubscription(deps.eventLog, faults);
    const head = await deps.eventLog.head();
    await reconcilers.start({ eventLog }, { sweepEveryMs: 3_600_000 });
    await until(async () => ((await checkpoint()) ?? -1n) >= (head ?? 0n));
    expect(faultCount()).toBeGreaterThan(5);
    for (const userId of users)
      expect(await accountOfUser(deps, userId)).toMatchObject({ status: 'suspended', revision: '1' });
  });

  it('F-12 settles a user up to the newest of their events, whatever the order of a batch', async () => {
    const userId = await confirmedUser(deps, 'ada@example.org');
    await crashWhileSuspending(userId);
    await reconcileBatch(deps, (await deps.eventLog.readStream(userStream(userId))).reverse());
    expect(await accountOfUser(deps, userId)).toMatchObject({ status: 'suspended', revision: '1' });
  });
});

describe('reconcileToHead', () => {
  it('settles what no command has settled, without an active reconciler', async () => {
    const userId = await confirmedUser(deps, 'ada@example.org');
    await crashWhileSuspending(userId);
    await reconcileToHead(deps);
    expect(await accountOfUser(deps, userId)).toMatchObject({ status: 'suspended', epoch: '1' });
  });

  it('throws DependencyUnavailable when it cannot reach the head in time', async () => {
    await confirmedUser(deps, 'ada@example.org');
    await expect(reconcileToHead(deps, 0)).rejects.toMatchObject({ name: 'DependencyUnavailable' });
  });
});

describe('reconciliation', () => {
  it('T-08 settles a suspension whose command crashed after the append', async () => {
    const userId = await confirmedUser(deps, 'ada@example.org');
    await reconcilers.start();
    await crashWhileSuspending(userId);
    await until(async () => (await accountOfUser(deps, userId)).status === 'suspended');
    expect(await accountOfUser(deps, userId)).toMatchObject({ epoch: '1' });
  });

  it('completes a crashed confirmation and finishes an erasure', async () => {
    const token = await registrationToken(deps, 'ada@example.org');
    deps.crashAfter('registration-claimed');
    await expect(confirm(deps, { token, password: PASSWORD }, requestOrigin())).rejects.toBeInstanceOf(Crashed);
    await reconcilers.start();
    await until(async () => deps.eventLog.events.some(({ type }) => type === 'RegistrationCompleted'));
    const registeredEvent = deps.eventLog.events.find(({ type }) => type === 'UserRegistered.v2');
    await erase(String(registeredEvent?.stream.slice('user-'.length)));
    await until(async () => deps.eventLog.events.some(({ type }) => type === 'UserErased'));
    await until(async () => (await deps.vault.query('select 1 from erasure')).rows.length === 0);
  });

  it('finishes an erasure at once instead of at the next sweep', async () => {
    const userId = await confirmedUser(deps, 'ada@example.org');
    await reconcilers.start({}, { sweepEveryMs: 3_600_000 });
    await erase(userId);
    await until(async () => deps.eventLog.events.some(({ type }) => type === 'UserErased'));
  });

  it('closes without waiting for all objects of an erasure, and leaves the rest to the next one', async () => {
    const userId = await confirmedUser(deps, 'ada@example.org');
    await erase(userId);
    const asked: string[] = [];
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const deleteAll = async (prefix: string): Promise<number> => {
      asked.push(prefix);
      await answered;
      return 0;
    };
    const first = await reconcilers.start({ objects: { ...deps.objects, deleteAll } });
    // The event of the erasure and the sweep each lead to it.
    await until(() => asked.length === 2);
    const closed = first.close();
    answer();
    await closed;
    expect(asked).toHaveLength(2);
    expect((await deps.vault.query('select from erasure')).rowCount).toBe(1);
    await reconcilers.start();
    await until(async () => (await deps.vault.query('select from erasure')).rowCount === 0);
  });

  it('ends a session that has ended in the log but still exists in the vault', async () => {
    const userId = await confirmedUser(deps, 'ada@example.org');
    const sessionId = randomUUID();
    await deps.vault.query(
      "insert into session (id, user_id, epoch, expires_at) values ($1, $2, 0, now() + interval '1 h')",
      [sessionId, userId],
    );
    await append(signinStream(userId), 'SessionEnded', { sessionId, reason: 'logout' });
    await append(signinStream(userId), 'SessionEnded', { sessionId: 'nonsense' });
    await reconcilers.start();
    await until(async () => (await deps.vault.query('select 1 from session')).rows.length === 0);
    const { rows } = await deps.vault.query('select session_id from revocation');
    expect(rows).toEqual([{ session_id: sessionId }]);
  });

  it('F-15 settles the other users when one stream cannot be read', async () => {
    const broken = await confirmedUser(deps, 'broken@example.org');
    await append(userStream(broken), 'UnknownEvent');
    await append(userStream(randomUUID()), 'UserRegistered');
    const userId = await confirmedUser(deps, 'ada@example.org');
    await unsettle();
    await reconcilers.start();
    await until(() => isSettled(userId));
    expect(await accountOfUser(deps, broken)).toMatchObject({ revision: '-1' });
  });

  it('F-15 settles the other users when the vault refuses the data of one', async () => {
    const refused = await confirmedUser(deps, 'refused@example.org');
    const userId = await confirmedUser(deps, 'ada@example.org');
    await unsettle();
    await deps.vault.query(
      `alter table account add constraint refused check (user_id <> '${refused}' or revision < 0)`,
    );
    await reconcilers.start();
    await until(() => isSettled(userId));
    expect(await accountOfUser(deps, refused)).toMatchObject({ revision: '-1' });
  });
});
