import type { EventLog } from '@ums/kit/event-log/eventLog';
import { whileActive } from '@ums/kit/single-active/whileActive';
import { isOperatorError } from '@ums/kit/startRefused';
import { Contradicted } from './checkpoint/contradicted.js';
import { type KeepSigningDeps, keepSigning } from './checkpoint/keepSigning.js';
import type { NotaryMetrics } from './checkpoint/notaryMetrics.js';
import { keepFollowing } from './tree/keepFollowing.js';
import { NOTARY } from './tree/treeStore.js';

export interface NotaryState {
  /**
   * `standby`: another instance holds the lock. `halted`: the next event of the log has no leaf. `stopped`: failed; only a restart
   * of the process runs it again.
   */
  tree: 'standby' | 'active' | 'halted' | 'stopped';
  /** Position of the event that the tree halts before. */
  haltedAt?: bigint;
  /** `refused`: the log contradicts a checkpoint. Nothing is signed until an operator restarts the process. */
  checkpoints: 'signing' | 'refused';
}

export interface RunNotaryDeps extends Omit<KeepSigningDeps, 'appendedSize'> {
  eventLog: EventLog;
  /** Of the database whose advisory lock chooses the active instance. */
  url: string;
  metrics: NotaryMetrics;
}

export interface ActiveNotary {
  state(): NotaryState;
  /** Finishes the batch and the checkpoint in progress. */
  stop(): Promise<void>;
}

/** Keeps the tree and signs its checkpoints, in one process at a time; other instances stand by. */
export const runNotary = (deps: RunNotaryDeps): ActiveNotary => {
  const { url, log, metrics } = deps;
  const stopping = new AbortController();
  let tree: NotaryState['tree'] = 'standby';
  let checkpoints: NotaryState['checkpoints'] = 'signing';
  let haltedAt: bigint | undefined;
  const onHalted = (position: bigint | undefined): void => {
    haltedAt = position;
    metrics.halted(position);
  };
  metrics.refused(false);
  metrics.halted(undefined);
  let appendedSize = 0;
  const onAppended = (events: number, size: number): void => {
    metrics.appended(events);
    appendedSize = size;
  };

  const sign = async (signal: AbortSignal): Promise<void> => {
    if (checkpoints === 'refused') return;
    try {
      await keepSigning({ ...deps, appendedSize: () => appendedSize }, signal);
    } catch (error) {
      if (!(error instanceof Contradicted)) throw error;
      checkpoints = 'refused';
      metrics.refused(true);
      log.error('the log contradicts a signed checkpoint', { error });
    }
  };

  const options = { url, name: NOTARY, signal: stopping.signal, log, isFatal: isOperatorError };
  const done = whileActive(options, async (active) => {
    tree = 'active';
    // A failure of one ends the other, so that nothing runs without the lock.
    const failed = new AbortController();
    const signal = AbortSignal.any([active.signal, failed.signal]);
    const both = [keepFollowing({ ...deps, onHalted }, signal, onAppended), sign(signal)].map((one) =>
      one.catch((error: unknown) => {
        failed.abort();
        throw error;
      }),
    );
    const [followed, signed] = await Promise.allSettled(both);
    tree = 'standby';
    // The instance that takes over finds the event itself.
    onHalted(undefined);
    for (const outcome of [followed, signed]) if (outcome?.status === 'rejected') throw outcome.reason;
  }).catch((error: unknown) => {
    tree = 'stopped';
    log.error('notary stopped', { error });
  });

  return {
    state: () => (haltedAt === undefined ? { tree, checkpoints } : { tree: 'halted', checkpoints, haltedAt }),
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
};
