import type { DirectorySizes } from './directory/directoryFigures.js';
import type { RealEngineSizes } from './engines/realEngineFigures.js';
import type { AuditorSizes } from './history/auditorFigures.js';
import type { FeedSizes } from './history/feedFigures.js';
import type { HistorySizes } from './history/historyFigures.js';
import type { NotarySizes } from './history/notaryFigures.js';
import type { NotaryLagSizes } from './history/notaryLag.js';
import type { VerifySizes } from './history/verifyFigures.js';
import type { LogServerSizes } from './log-server/logServerFigures.js';
import type { PictureSizes } from './pictures/pictureFigures.js';
import type { ProcessSizes } from './processes/processFigures.js';
import type { FloodSizes } from './service/floodFigure.js';
import type { OperationSizes } from './service/operationCosts.js';
import type { ServiceSizes } from './service/serviceFigures.js';
import type { UseCaseSizes } from './use-cases/useCaseFigures.js';

export interface BenchSizes {
  logServer: LogServerSizes;
  useCases: UseCaseSizes;
  directory: DirectorySizes;
  processes: ProcessSizes;
  history: HistorySizes;
  feed: FeedSizes;
  auditors: AuditorSizes;
  verify: VerifySizes;
  notary: NotarySizes;
  notaryLag: NotaryLagSizes;
  pictures: PictureSizes;
  service: ServiceSizes;
  flood: FloodSizes & { users: number };
  operations: OperationSizes;
  /** Starts of the whole service on an existing folder. */
  starts: number;
  engines: RealEngineSizes;
}

/** Sizes of `npm run bench`, which takes some minutes on two cores. */
export const SIZES: BenchSizes = {
  logServer: { warmUp: 3_000, appends: 10_000, backlog: 40_000 },
  useCases: {
    command: { rounds: 6, lanes: 32, perUser: 10 },
    authentication: { tokens: 1_000, repeats: 50 },
    catchUp: { users: 20_000, oneByOne: 2_000 },
  },
  directory: { few: 10_000, many: 1_000_000, rounds: 5, reads: 1_000 },
  processes: { requests: 100_000, starts: 5, users: 1_000_000 },
  history: { events: 200, rounds: 7, reads: 200 },
  feed: { few: 100_000, many: 10_000_000, rounds: 5, reads: 1_000 },
  auditors: { events: 500_000, auditors: 5, users: 20, rounds: 5, reads: 1_000, perSecond: 100 },
  verify: { events: 1_000_000 },
  notary: { users: 10_000, leaves: 1_000_000, rounds: 5, proofs: 500 },
  notaryLag: { users: 50, rounds: 5, commands: 750, perSecond: 50 },
  pictures: { rounds: 5, pictures: 10, width: 4_000, height: 3_000 },
  service: {
    users: 150,
    idleMs: 5_000,
    cost: { rounds: 6, operations: 150 },
    visibility: { busy: { perSecond: 50, commands: 750 }, quiet: { perSecond: 1, commands: 20 } },
  },
  flood: { users: 20, rounds: 5, connections: 30, logIns: 100 },
  operations: { users: 2_000, rounds: 3, operations: 200, cheapOperations: 2_000, idleMs: 60_000, settleMs: 120_000 },
  starts: 3,
  engines: {
    backlogUsers: 20_000,
    users: 150,
    idleMs: 20_000,
    settleMs: 20_000,
    visibility: { busy: { perSecond: 50, commands: 750 }, quiet: { perSecond: 1, commands: 20 } },
    delivery: { perSecond: 50, commands: 750 },
    sink: { rounds: 6, operations: 1_000 },
  },
};
