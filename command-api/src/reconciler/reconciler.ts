import { setTimeout as sleep } from 'node:timers/promises';
import { batches } from '@ums/kit/event-log/batches';
import { whileActive } from '@ums/kit/single-active/whileActive';
import type { FactDeps } from '../account/factDeps.js';
import { reconcileBatch } from './reconcileBatch.js';
import { hasReconciled, RECONCILER, reconcilerCheckpoint } from './reconcilerPosition.js';
import { type SweepOptions, sweep, sweepErasures } from './sweep.js';

export interface Reconciler {
  /** Whether the vault has settled everything up to the head the log had at the start. No traffic is served before. */
  ready(): Promise<boolean>;
  close(): Promise<void>;
}

export interface ReconcilerOptions extends SweepOptions {
  /** Of the vault: its advisory lock allows one active reconciler. */
  url: string;
  /** @default 10 s */
  sweepEveryMs?: number;
}

const BATCH = 500;
const SWEEP_EVERY_MS = 10_000;
/** Every sixth sweep is a full one: once a minute. */
const FULL_SWEEP_EVERY = 6;

/**
 * Keeps the vault consistent with the log: follows the log, settles what no command settled, and sweeps the vault. One
 * reconciler is active, the others are on standby. Failures are retried, except on a log other than the one its checkpoint
 * came from: then it stops and is never ready again.
 *
 * @throws LogUnavailable if the log does not answer with its head at the start.
 */
export const startReconciler = async (
  deps: FactDeps,
  { url, sweepEveryMs = SWEEP_EVERY_MS, ...sweeping }: ReconcilerOptions,
): Promise<Reconciler> => {
  const head = await deps.eventLog.head();
  const closing = new AbortController();
  let caughtUp = head === undefined;
  let stopped = false;
  const running = whileActive({ url, name: RECONCILER, signal: closing.signal, log: deps.log }, ({ signal }) =>
    followAndSweep(deps, signal, { sweepEveryMs, ...sweeping }),
  ).catch((error: unknown) => {
    deps.log.error('reconciler stopped', { error });
    stopped = true;
  });
  return {
    ready: async () => {
      caughtUp ||= head !== undefined && (await hasReconciled(deps, head));
      return caughtUp && !stopped;
    },
    close: async () => {
      closing.abort();
      await running;
    },
  };
};

type Sweeping = SweepOptions & { sweepEveryMs: number };

/** Both loops end when the lock is lost, the service closes or following fails. */
const followAndSweep = async (deps: FactDeps, signal: AbortSignal, options: Sweeping): Promise<void> => {
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const sweeping = sweepRepeatedly(deps, stop, options);
  try {
    await follow(deps, stop);
  } finally {
    failed.abort();
    await sweeping;
  }
};

/** Finishes erasures in parallel, so that a slow one does not delay the checkpoint. */
const follow = async (deps: FactDeps, signal: AbortSignal): Promise<void> => {
  const checkpoint = await reconcilerCheckpoint.readVerified(deps.vault, deps.eventLog);
  let erasing = Promise.resolve();
  try {
    for await (const batch of batches(deps.eventLog.follow(checkpoint?.position, { signal }), BATCH)) {
      if (signal.aborted) break;
      if (await reconcileBatch(deps, batch)) erasing = erasing.then(() => sweepErasures(deps));
      const last = batch.at(-1);
      if (last !== undefined)
        await reconcilerCheckpoint.advance(deps.vault, {
          position: last.position,
          eventId: last.id,
          logId: deps.logId,
        });
    }
  } finally {
    await erasing;
  }
};

const sweepRepeatedly = async (
  deps: FactDeps,
  signal: AbortSignal,
  { sweepEveryMs, ...options }: Sweeping,
): Promise<void> => {
  for (let count = 0; !signal.aborted; count++) {
    await sweep(deps, { ...options, isFull: count % FULL_SWEEP_EVERY === 0 });
    await sleep(sweepEveryMs, undefined, { signal }).catch(() => undefined);
  }
};
