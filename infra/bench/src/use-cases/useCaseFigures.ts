import type { RunningEngines } from '@ums/embedded/startEngines';
import type { Figure } from '../report/figure.js';
import { type AuthenticationSizes, authenticationCost } from './authenticationCost.js';
import { type CatchUpSizes, catchUpFigures } from './catchUpFigures.js';
import { type CommandCostSizes, commandCost } from './commandCost.js';
import { openUseCases } from './openUseCases.js';

export interface UseCaseSizes {
  command: CommandCostSizes;
  authentication: AuthenticationSizes;
  catchUp: CatchUpSizes;
}

/** Figures of use cases and projector, called directly with engines in this process. */
export const useCaseFigures = async (
  engines: RunningEngines,
  sizes: UseCaseSizes,
  readModel = engines.usersFor('projector'),
): Promise<Figure[]> => {
  const useCases = await openUseCases(engines);
  try {
    return [
      await commandCost(useCases, sizes.command),
      await authenticationCost(useCases, sizes.authentication),
      ...(await catchUpFigures(useCases, readModel, sizes.catchUp)),
    ];
  } finally {
    await useCases.close();
  }
};
