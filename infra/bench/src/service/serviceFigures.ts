import { lessIdle } from '../load/lessIdle.js';
import { type Figure, shown } from '../report/figure.js';
import { type CostSizes, loginCost } from './loginCost.js';
import { members } from './members.js';
import { registerCost } from './registerCost.js';
import type { Stage } from './stage.js';
import { type VisibilitySizes, visibility } from './visibility.js';

export interface ServiceSizes {
  /** How long the idle service is watched first, in ms. */
  idleMs: number;
  members: number;
  cost: CostSizes;
  visibility: VisibilitySizes;
}

/** What is asked over HTTP. */
export const serviceFigures = async (stage: Stage, sizes: ServiceSizes): Promise<Figure[]> => {
  const who = await members(stage, sizes.members);
  const { idle, cpu } = await lessIdle(stage.cpu, sizes.idleMs);
  const costs = [
    await loginCost({ ...stage, cpu }, who, sizes.cost),
    await registerCost({ ...stage, cpu }, sizes.cost),
  ];
  return [
    ...costs.map((figure) => ({ ...figure, how: `${figure.how}; idle, ${shown(idle)} cpu-ms/s, left out` })),
    ...(await visibility(stage, who, sizes.visibility)),
  ];
};
