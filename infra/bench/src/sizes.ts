import type { EngineSizes } from './engines/engineFigures.js';
import type { LogServerSizes } from './log-server/logServerFigures.js';
import type { ServiceSizes } from './service/serviceFigures.js';

export interface BenchSizes {
  logServer: LogServerSizes;
  engines: EngineSizes;
  service: ServiceSizes;
  /** Of the whole service, on an existing folder. */
  starts: number;
}

/** What `npm run bench` does: some minutes on two cores. */
export const SIZES: BenchSizes = {
  logServer: { warmUp: 3_000, appends: 10_000, backlog: 40_000 },
  engines: {
    append: { rounds: 6, lanes: 32, each: 10 },
    catchUp: { users: 20_000, oneByOne: 2_000 },
  },
  service: {
    members: 150,
    idleMs: 5_000,
    cost: { rounds: 6, operations: 150 },
    visibility: { busy: { perSecond: 50, commands: 750 }, quiet: { perSecond: 1, commands: 20 } },
  },
  starts: 3,
};
