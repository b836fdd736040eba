import { withoutIdleCost } from '../load/withoutIdleCost.js';
import { type Figure, formatNumber } from '../report/figure.js';
import { type CostSizes, loginCost } from './loginCost.js';
import type { MeasuredService } from './measuredService.js';
import { registerCost } from './registerCost.js';
import { createTestUsers } from './testUsers.js';
import { type VisibilitySizes, visibility } from './visibility.js';

export interface ServiceSizes {
  /** How long the idle service is measured first, in ms. */
  idleMs: number;
  users: number;
  cost: CostSizes;
  visibility: VisibilitySizes;
}

/** Figures of the whole service, measured over HTTP. */
export const serviceFigures = async (service: MeasuredService, sizes: ServiceSizes): Promise<Figure[]> => {
  const users = await createTestUsers(service, sizes.users);
  const { idle, cpu } = await withoutIdleCost(service.cpu, sizes.idleMs);
  const costs = [
    await loginCost({ ...service, cpu }, users, sizes.cost),
    await registerCost({ ...service, cpu }, sizes.cost),
  ];
  return [
    ...costs.map((figure) => ({
      ...figure,
      details: `${figure.details}; without ${formatNumber(idle)} cpu-ms/s of the idle service`,
    })),
    ...(await visibility(service, users, sizes.visibility)),
  ];
};
