import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedEvent } from '@ums/contracts/events/event';
import { isSettledTo, settledCheckpoint } from '@ums/identity/vault/settledVault';
import { batches } from '@ums/kit/event-log/batches';
import { exposeLag } from '@ums/kit/event-log/exposeLag';
import { readBehind } from '@ums/kit/event-log/readBehind';
import { whileActive } from '@ums/kit/single-active/whileActive';
import type { FileDeps } from '../account/factDeps.js';
import { limitEarlierSignIns } from './earlierSignIns.js';
import { readMissed } from './readMissed.js';
import { reconcileBatch } from './reconcileBatch.js';
import { RECONCILER, reconcilerCheckpoint } from './reconcilerPosition.js';
import { settlingLeft } from './settlingLeft.js';
import { limitSignInHistories, type SignInHistories } from './signInHistories.js';
import { type SweepOptions, sweep, sweepErasures } from './sweep.js';

export interface Reconciler {
  /** Whether the vault has settled everything up to the head the log had at the start. No traffic is served before. */
  ready(): Promise<boolean>;
  close(): Promise<void>;
}

export interface ReconcilerOptions extends SweepOptions {
  /** For this long, events of sign-in streams are shown. */
  signInHistoryDays: number;
  /** Of the vault: its advisory lock allows one active reconciler. */
  url: string;
  /** @default 10 s */
  sweepEveryMs?: number;
  /** Events younger than this are left to the commands that appended them, which settle the account next. @default 1 s */
  settlingMs?: number;
  /** How often the checkpoint is stored. After a crash, the work of this time is repeated. @default 5 s */
  saveEveryMs?: number;
  /** So long after it has caught up, every batch is stored at once: services that start then wait for its events. @default 30 s */
  startingMs?: number;
}

const BATCH = 500;
const DEFAULTS = { sweepEveryMs: 10_000, settlingMs: 1_000, saveEveryMs: 5_000, startingMs: 30_000 };
/** Every sixth sweep is a full one: once a minute. */
const FULL_SWEEP_EVERY = 6;
/** Thorough ones once an hour, for the first time five minutes after the start, where there is other work. */
const THOROUGH_SWEEP_EVERY = 360;
const FIRST_THOROUGH_SWEEP = 30;

/**
 * Keeps the vault consistent with the log: follows the log, settles what no command settled, and sweeps the vault. One
 * reconciler is active, the others are on standby. Failures are retried, except on a log other than the one its checkpoint
 * came from: then it stops and is never ready again.
 *
 * @throws LogUnavailable if the log does not answer with its head at the start.
 */
export const startReconciler = async (
  deps: FileDeps,
  { url, signInHistoryDays, ...given }: ReconcilerOptions,
): Promise<Reconciler> => {
  const options = { ...DEFAULTS, ...given };
  const head = await deps.eventLog.head();
  const closing = new AbortController();
  let caughtUp = head === undefined;
  let stopped = false;
  let reached = -1n;
  const onReached = (position: bigint): boolean => {
    const wasCaughtUp = caughtUp;
    reached = position;
    caughtUp ||= head !== undefined && position >= head;
    return caughtUp && !wasCaughtUp;
  };
  const running = whileActive({ url, name: RECONCILER, signal: closing.signal, log: deps.log }, ({ signal }) =>
    followAndSweep(deps, signal, {
      ...{ ...options, onReached },
      signInHistories: limitSignInHistories(deps, signInHistoryDays),
      limitEarlier: limitEarlierSignIns(deps, signInHistoryDays),
    }),
  ).catch((error: unknown) => {
    deps.log.error('reconciler stopped', { error });
    stopped = true;
  });
  const hideLag = exposeLag({
    ...{ name: 'ums_reconciler_lag', labels: {}, eventLog: deps.eventLog },
    // The active one stores its checkpoint at intervals only; a standby has reached nothing itself.
    position: async () => {
      const stored = (await reconcilerCheckpoint.read(deps.vault))?.position ?? -1n;
      return stored > reached ? stored : reached;
    },
  });
  return {
    ready: async () => {
      // A standby learns from the vault how far the active one has come.
      caughtUp ||= head !== undefined && (await isSettledTo(deps.vault, head));
      return caughtUp && !stopped;
    },
    close: async () => {
      closing.abort();
      hideLag();
      await running;
    },
  };
};

interface Following extends SweepOptions {
  sweepEveryMs: number;
  settlingMs: number;
  saveEveryMs: number;
  startingMs: number;
  signInHistories: SignInHistories;
  /** Limits some of the streams that began before. Never throws. */
  limitEarlier(): Promise<void>;
  /** Called with the position of the last event settled. @returns whether the head at the start is reached only now */
  onReached(position: bigint): boolean;
}

/** Both loops end when the lock is lost, the service closes or following fails. */
const followAndSweep = async (deps: FileDeps, signal: AbortSignal, options: Following): Promise<void> => {
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const sweeping = sweepRepeatedly(deps, stop, options);
  try {
    await follow(deps, stop, options);
  } finally {
    failed.abort();
    await sweeping;
  }
};

/**
 * Finishes erasures in parallel, so that a slow one does not delay the checkpoint. Contested outcomes are tried again with the
 * next batch; until they are settled the checkpoint is not stored, so that a crash does not lose them. How far the accounts are
 * settled is stored apart: other services wait for that, and for nothing else. Before either, what the subscription has not
 * delivered is read from the log and settled.
 */
const follow = async (deps: FileDeps, signal: AbortSignal, options: Following): Promise<void> => {
  const { settlingMs, saveEveryMs, startingMs, signInHistories, onReached } = options;
  const checkpoint = await reconcilerCheckpoint.readVerified(deps.vault, deps.eventLog);
  if (checkpoint !== undefined) await settledCheckpoint.advance(deps.vault, checkpoint);
  const behind = readBehind({ ...deps, lane: RECONCILER }, checkpoint?.position);
  const events = deps.eventLog.follow(checkpoint?.position, { signal, onPage: behind.page });
  let reached: RecordedEvent | undefined;
  let savedAt = Number.NEGATIVE_INFINITY;
  let caughtUpAt = Number.NEGATIVE_INFINITY;
  let erasing = Promise.resolve();
  const ended = new AbortController();
  const stopErasing = AbortSignal.any([signal, ended.signal]);
  let contested: RecordedEvent[] = [];
  const settleBatch = async (batch: readonly RecordedEvent[]): Promise<void> => {
    const reconciled = await reconcileBatch(deps, [...contested, ...batch]);
    contested = reconciled.contested;
    if (reconciled.erasing) erasing = erasing.then(() => sweepErasures(deps, stopErasing));
    await signInHistories.limit(batch);
  };
  const save = async (): Promise<void> => {
    if (reached === undefined) return;
    const missed = await readMissed(behind, reached.position, signal);
    if (missed === undefined) return;
    if (missed.length > 0) await settleBatch(missed);
    const checkpoint = { position: reached.position, eventId: reached.id, logId: deps.logId };
    await settledCheckpoint.advance(deps.vault, checkpoint);
    savedAt = performance.now();
    // After a crash, the streams that are still without limit are found again, too.
    if (contested.length > 0 || signInHistories.unfinished() > 0) return;
    await reconcilerCheckpoint.advance(deps.vault, checkpoint);
    reached = undefined;
  };
  try {
    for await (const batch of batches(events, BATCH, { quietMs: saveEveryMs })) {
      await sleep(settlingLeft(batch, settlingMs, deps.clock.now()), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) break;
      await settleBatch(batch);
      for (const event of batch) if (behind.note(event) === 'next') reached = event;
      const now = performance.now();
      if (reached !== undefined && onReached(reached.position)) caughtUpAt = now;
      if (now - caughtUpAt < startingMs || batch.length === 0 || now - savedAt >= saveEveryMs) await save();
    }
    await save();
  } finally {
    // Another attempt to follow, or another process, must not wait for erasures with many objects.
    ended.abort();
    await erasing;
  }
};

const sweepRepeatedly = async (
  deps: FileDeps,
  signal: AbortSignal,
  { sweepEveryMs, signInHistories, limitEarlier, ...options }: Following,
): Promise<void> => {
  for (let count = 0; !signal.aborted; count++) {
    const isThorough = count % THOROUGH_SWEEP_EVERY === FIRST_THOROUGH_SWEEP;
    await sweep(deps, { ...options, signal, isFull: count % FULL_SWEEP_EVERY === 0, isThorough });
    await signInHistories.limit([]);
    await limitEarlier();
    await sleep(sweepEveryMs, undefined, { signal }).catch(() => undefined);
  }
};
