import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { noteWait } from '@ums/kit/wait';
import type { FactDeps } from '../account/factDeps.js';
import { reconcileBatch } from './reconcileBatch.js';
import { reconcilerCheckpoint } from './reconcilerPosition.js';

const BATCH = 500;
const WAIT_MS = 2_000;

/**
 * Settles everything between the reconciler's stored checkpoint and the current head of the log, for commands that decide on
 * the accounts of several users. The active reconciler may do the same work at the same time, because settling is idempotent.
 * Usually the commands have settled all of it, and it costs two reads of the log and two queries. Contested outcomes of pictures
 * are left to the reconciler: they decide about nobody's access, and the stored checkpoint does not move.
 *
 * @param waitMs when more is left after this time, the reconciler is too far behind.
 * @throws DependencyUnavailable after `waitMs`; LogUnavailable.
 */
export const reconcileToHead = async (deps: FactDeps, waitMs = WAIT_MS): Promise<void> => {
  const head = await deps.eventLog.head();
  let position = (await reconcilerCheckpoint.read(deps.vault))?.position;
  const deadline = performance.now() + waitMs;
  while (head !== undefined && (position ?? -1n) < head) {
    if (performance.now() >= deadline) {
      const limit = `behind the log for ${waitMs} ms`;
      throw noteWait(new DependencyUnavailable('reconciler'), { dependency: 'reconciler', limit, waitedMs: waitMs });
    }
    const events = await deps.eventLog.readAll(position, BATCH);
    await reconcileBatch(deps, events);
    position = events.at(-1)?.position ?? head;
  }
};
