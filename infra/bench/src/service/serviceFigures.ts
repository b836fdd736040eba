import type { Figure } from '../report/figure.js';
import { type CostSizes, loginCost } from './loginCost.js';
import { members } from './members.js';
import { registerCost } from './registerCost.js';
import type { Stage } from './stage.js';
import { type VisibilitySizes, visibility } from './visibility.js';

export interface ServiceSizes {
  members: number;
  cost: CostSizes;
  visibility: VisibilitySizes;
}

/** What is asked over HTTP. */
export const serviceFigures = async (stage: Stage, sizes: ServiceSizes): Promise<Figure[]> => {
  const who = await members(stage, sizes.members);
  return [
    await loginCost(stage, who, sizes.cost),
    await registerCost(stage, sizes.cost),
    ...(await visibility(stage, who, sizes.visibility)),
  ];
};
