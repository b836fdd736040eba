import { type HashChoice, hashScheme } from '@ums/command-api/credentials/hashScheme';
import { compareCosts, cpuPerOperation, ownCpuMs } from '../load/compareCosts.js';
import { runParallel } from '../load/runParallel.js';
import { type Figure, formatNumber } from '../report/figure.js';
import { ask } from './ask.js';
import type { CostSizes } from './loginCost.js';
import { type MeasuredService, waitForProgress } from './measuredService.js';
import { newUser, PARALLEL_REQUESTS } from './testUsers.js';

/** P2: CPU time of a registration in the whole system until its mail is sent, compared with its password hash alone. */
export const registerCost = async (service: MeasuredService, { rounds, operations }: CostSizes): Promise<Figure> => {
  const scheme = hashScheme(service.passwordHash as HashChoice);
  const { password } = newUser();
  const all = { count: operations, lanes: PARALLEL_REQUESTS };
  const baseline = () => cpuPerOperation(ownCpuMs, operations, () => runParallel(all, () => scheme.hash(password)));
  let { mails } = await service.progress();
  const registrations = async () => {
    await runParallel(all, () => ask(service.api, 'POST', '/auth/register', { body: newUser() }));
    mails += operations;
    await waitForProgress(service, { mails });
  };
  const compared = await compareCosts(rounds, () => cpuPerOperation(service.cpu, operations, registrations), baseline);
  return {
    name: 'P2 registration',
    measured: compared.ratio,
    unit: '× hash alone',
    target: { atMost: 1.25 },
    details: `${service.passwordHash}: ${formatNumber(compared.ours)} cpu-ms in all processes of the service including the mail and the embedded SES, compared with ${formatNumber(compared.baseline)}; median of ${rounds} rounds of ${operations} operations`,
  };
};
