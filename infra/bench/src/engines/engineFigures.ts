import type { RunningEngines } from '@ums/embedded/startEngines';
import type { Figure } from '../report/figure.js';
import { type AppendSizes, appendCost } from './appendCost.js';
import { type CatchUpSizes, catchUpCost } from './catchUpCost.js';
import { openCore } from './openCore.js';

export interface EngineSizes {
  append: AppendSizes;
  catchUp: CatchUpSizes;
}

/** What is asked of use cases and projector directly, on engines in this process. */
export const engineFigures = async (
  engines: RunningEngines,
  sizes: EngineSizes,
  readModel = engines.usersFor('projector'),
): Promise<Figure[]> => {
  const core = await openCore(engines);
  try {
    return [await appendCost(core, sizes.append), ...(await catchUpCost(core, readModel, sizes.catchUp))];
  } finally {
    await core.close();
  }
};
