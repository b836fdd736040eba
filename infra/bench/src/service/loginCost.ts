import { type HashChoice, hashScheme } from '@ums/command-api/credentials/hashScheme';
import { CONSISTENCY_HEADER, parseConsistencyToken } from '@ums/contracts/consistencyToken';
import { inFlight } from '../load/inFlight.js';
import { costOf, ownCpu, sideBySide } from '../load/sideBySide.js';
import { type Figure, shown } from '../report/figure.js';
import { ask } from './ask.js';
import { LANES, type Member } from './members.js';
import { type Stage, settled } from './stage.js';

export interface CostSizes {
  rounds: number;
  /** Operations of each side in a round. */
  operations: number;
}

/** P1: what a login costs the whole system, against verifying the same password with the same parameters alone. */
export const loginCost = async (
  stage: Stage,
  who: readonly Member[],
  { rounds, operations }: CostSizes,
): Promise<Figure> => {
  const scheme = hashScheme(stage.passwordHash as HashChoice);
  const [{ password }] = who as [Member];
  const stored = await scheme.hash(password);
  const all = { count: operations, lanes: LANES };
  const bare = () => costOf(ownCpu, operations, () => inFlight(all, () => scheme.verify(password, stored)));
  const logins = async () => {
    let last = -1n;
    await inFlight(all, async (index) => {
      const { email } = who[index % who.length] as Member;
      const { headers } = await ask(stage.api, 'POST', '/auth/login', { body: { email, password } });
      const at = parseConsistencyToken(headers.get(CONSISTENCY_HEADER) ?? '')?.position ?? -1n;
      if (at > last) last = at;
    });
    await settled(stage, { position: last });
  };
  const compared = await sideBySide(rounds, () => costOf(stage.cpu, operations, logins), bare);
  return {
    name: 'P1 login',
    measured: compared.ratio,
    unit: '× bare verify',
    target: { atMost: 1.15 },
    how: `${stage.passwordHash}: ${shown(compared.ours)} cpu-ms in all processes of the service against ${shown(compared.bare)}; median of ${rounds} rounds of ${operations} each`,
  };
};
