import { type HashChoice, hashScheme } from '@ums/command-api/credentials/hashScheme';
import { CONSISTENCY_HEADER, parseConsistencyToken } from '@ums/contracts/consistencyToken';
import { compareCosts, cpuPerOperation, ownCpuMs } from '../load/compareCosts.js';
import { runParallel } from '../load/runParallel.js';
import { type Figure, formatNumber } from '../report/figure.js';
import { ask } from './ask.js';
import { type MeasuredService, waitForProgress } from './measuredService.js';
import { PARALLEL_REQUESTS, type TestUser } from './testUsers.js';

export interface CostSizes {
  rounds: number;
  /** Operations of each measurement in a round. */
  operations: number;
}

/** P1: CPU time of a login in the whole system, compared with the verification of its password hash alone. */
export const loginCost = async (
  service: MeasuredService,
  users: readonly TestUser[],
  { rounds, operations }: CostSizes,
): Promise<Figure> => {
  const scheme = hashScheme(service.passwordHash as HashChoice);
  const [{ password }] = users as [TestUser];
  const stored = await scheme.hash(password);
  const all = { count: operations, lanes: PARALLEL_REQUESTS };
  const baseline = () =>
    cpuPerOperation(ownCpuMs, operations, () => runParallel(all, () => scheme.verify(password, stored)));
  const logins = async () => {
    let last = -1n;
    await runParallel(all, async (index) => {
      const { email } = users[index % users.length] as TestUser;
      const { headers } = await ask(service.api, 'POST', '/auth/login', { body: { email, password } });
      const at = parseConsistencyToken(headers.get(CONSISTENCY_HEADER) ?? '')?.position ?? -1n;
      if (at > last) last = at;
    });
    await waitForProgress(service, { position: last });
  };
  const compared = await compareCosts(rounds, () => cpuPerOperation(service.cpu, operations, logins), baseline);
  return {
    name: 'P1 login',
    measured: compared.ratio,
    unit: '× verification alone',
    target: { atMost: 1.15 },
    details: `${service.passwordHash}: ${formatNumber(compared.ours)} cpu-ms in all processes of the service, compared with ${formatNumber(compared.baseline)}; median of ${rounds} rounds of ${operations} operations`,
  };
};
