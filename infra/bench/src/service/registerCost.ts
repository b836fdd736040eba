import { type HashChoice, hashScheme } from '@ums/command-api/credentials/hashScheme';
import { inFlight } from '../load/inFlight.js';
import { costOf, ownCpu, sideBySide } from '../load/sideBySide.js';
import { type Figure, shown } from '../report/figure.js';
import { ask } from './ask.js';
import type { CostSizes } from './loginCost.js';
import { LANES, somebody } from './members.js';
import { type Stage, settled } from './stage.js';

/** P2: what a registration costs the whole system until its mail is sent, against hashing the same password alone. */
export const registerCost = async (stage: Stage, { rounds, operations }: CostSizes): Promise<Figure> => {
  const scheme = hashScheme(stage.passwordHash as HashChoice);
  const { password } = somebody();
  const all = { count: operations, lanes: LANES };
  const bare = () => costOf(ownCpu, operations, () => inFlight(all, () => scheme.hash(password)));
  let { mails } = await stage.progress();
  const registrations = async () => {
    await inFlight(all, () => ask(stage.api, 'POST', '/auth/register', { body: somebody() }));
    mails += operations;
    await settled(stage, { mails });
  };
  const compared = await sideBySide(rounds, () => costOf(stage.cpu, operations, registrations), bare);
  return {
    name: 'P2 register',
    measured: compared.ratio,
    unit: '× bare hash',
    target: { atMost: 1.25 },
    how: `${stage.passwordHash}: ${shown(compared.ours)} cpu-ms in all processes of the service against ${shown(compared.bare)}, mail sent and taken by the embedded SES included; median of ${rounds} rounds of ${operations} each`,
  };
};
