import type { Closers } from '@ums/kit/closers';
import type { AppendDeps } from '@ums/kit/facts/appendFacts';
import type { Log } from '@ums/kit/log';
import type pg from 'pg';

/** What the service gives each of its consumers. */
export interface ConsumerDeps extends AppendDeps {
  pool: pg.Pool;
  vault: pg.Pool;
  log: Log;
  onClose: Closers['onClose'];
  /** Aborts when the service begins to stop, before running handlers have finished. */
  stopping: AbortSignal;
}
