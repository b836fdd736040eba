import type { FileDeps } from '../src/account/factDeps.js';
import { type Reconciler, type ReconcilerOptions, startReconciler } from '../src/reconciler/reconciler.js';
import { type TestCommands, testCommands } from './testCommands.js';

export const SIGN_IN_HISTORY_DAYS = 400;

export interface TestReconcilers {
  deps: TestCommands;
  /**
   * Starts a reconciler that sweeps every 50 ms, unless given otherwise, and settles events and takes over claimed
   * registrations at once; `change` replaces some of its dependencies.
   */
  start(change?: Partial<FileDeps>, given?: Partial<ReconcilerOptions>): Promise<Reconciler>;
  /** Closes all reconcilers, then the vault. */
  close(): Promise<void>;
}

export const testReconcilers = async (): Promise<TestReconcilers> => {
  const deps = await testCommands();
  const reconcilers: Reconciler[] = [];
  return {
    deps,
    start: async (change = {}, given = {}) => {
      const options = {
        ...{ url: deps.url, sweepEveryMs: 50, claimAgeMs: 0, settlingMs: 0, saveEveryMs: 10 },
        signInHistoryDays: SIGN_IN_HISTORY_DAYS,
        ...given,
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
