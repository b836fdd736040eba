import type { FileDeps } from '../src/account/factDeps.js';
import { type Reconciler, type ReconcilerOptions, startReconciler } from '../src/reconciler/reconciler.js';
import { type TestCommands, testCommands } from './testCommands.js';

export const SIGN_IN_HISTORY_DAYS = 400;

export interface TestReconcilers {
  deps: TestCommands;
  /**
   * Starts a reconciler that sweeps every 50 ms, unless given otherwise, and settles events and takes over claimed
   * registrations at once; `change` replaces some of its dependencies, `more` some of its other options.
   */
  start(
    change?: Partial<FileDeps>,
    sweepEveryMs?: number,
    settlingMs?: number,
    more?: Partial<ReconcilerOptions>,
  ): Promise<Reconciler>;
  /** Closes all reconcilers, then the vault. */
  close(): Promise<void>;
}

export const testReconcilers = async (): Promise<TestReconcilers> => {
  const deps = await testCommands();
  const reconcilers: Reconciler[] = [];
  return {
    deps,
    start: async (change = {}, sweepEveryMs = 50, settlingMs = 0, more = {}) => {
      const options = {
        ...{ url: deps.url, sweepEveryMs, claimAgeMs: 0, settlingMs, saveEveryMs: 10 },
        signInHistoryDays: SIGN_IN_HISTORY_DAYS,
        ...more,
      };
      const reconciler = await startReconciler({ ...deps, ...change }, options);
      reconcilers.push(reconciler);
      return reconciler;
    },
    close: async () => {
      for (const reconciler of reconcilers) await reconciler.close();
      await deps.close();
    },
  };
};
