import { setTimeout as sleep } from 'node:timers/promises';
import { batches } from '@ums/kit/event-log/batches';
import { whileActive } from '@ums/kit/single-active/whileActive';
import type { FactDeps } from '../commandDeps.js';
import { reconcileBatch } from './reconcileBatch.js';
import { RECONCILER, reconcilerCheckpoint, reconcilerReached } from './reconcilerPosition.js';
import { sweep, sweepErasures } from './sweep.js';

export interface Reconciler {
  /** Whether the vault knows all that the log said when this process started: no traffic before. */
  ready(): Promise<boolean>;
  close(): Promise<void>;
}

export interface ReconcilerOptions {
  /** The vault, for the lock that lets one keeper be active. */
  url: string;
  sweepEveryMs?: number;
}

const BATCH = 500;
const SWEEP_EVERY_MS = 10_000;

/**
 * Keeps the vault true to the log: follows it and settles what no command did, and sweeps the vault. One is active, the
 * others stand by. What it cannot do now it tries again; it stops, and is never ready again, on a log that is not its own.
 *
 * @throws LogUnavailable when the log cannot be asked for its head at the start.
 */
export const startReconciler = async (
  deps: FactDeps,
  { url, sweepEveryMs }: ReconcilerOptions,
): Promise<Reconciler> => {
  const head = await deps.eventLog.head();
  const closing = new AbortController();
  let reached = head === undefined;
  let stopped = false;
  const active = whileActive({ url, name: RECONCILER, signal: closing.signal, log: deps.log }, ({ signal }) =>
    keep(deps, signal, sweepEveryMs ?? SWEEP_EVERY_MS),
  ).catch((error: unknown) => {
    deps.log.error('the keeper stopped', { error });
    stopped = true;
  });
  return {
    ready: async () => {
      reached ||= head !== undefined && (await reconcilerReached(deps, head));
      return reached && !stopped;
    },
    close: async () => {
      closing.abort();
      await active;
    },
  };
};

/** Both loops end together: with the lock, the service, or the first failure of following. */
const keep = async (deps: FactDeps, signal: AbortSignal, sweepEveryMs: number): Promise<void> => {
  const ending = new AbortController();
  const either = AbortSignal.any([signal, ending.signal]);
  const sweeping = sweepRepeatedly(deps, either, sweepEveryMs);
  try {
    await follow(deps, either);
  } finally {
    ending.abort();
    await sweeping;
  }
};

/** Erasures are worked on beside the checkpoint, never before it: they may take as long as they take. */
const follow = async (deps: FactDeps, signal: AbortSignal): Promise<void> => {
  const checkpoint = await reconcilerCheckpoint.readProved(deps.vault, deps.eventLog);
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

const sweepRepeatedly = async (deps: FactDeps, signal: AbortSignal, everyMs: number): Promise<void> => {
  while (!signal.aborted) {
    await sweep(deps);
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
};
