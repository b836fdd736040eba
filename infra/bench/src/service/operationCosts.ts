import { cpuPerOperation } from '../load/compareCosts.js';
import { runParallel } from '../load/runParallel.js';
import { median } from '../load/statistics.js';
import { withoutIdleCost } from '../load/withoutIdleCost.js';
import type { Figure } from '../report/figure.js';
import { ask } from './ask.js';
import type { MeasuredService } from './measuredService.js';
import { confirmAll, createTestUsers, newUser, registerAll, type TestUser, tokensByAddress } from './testUsers.js';

export interface OperationSizes {
  /** Users in the list. */
  users: number;
  rounds: number;
  /** Log-ins and registrations in a round. At least as many as requests in flight. */
  operations: number;
  /** Operations without a hash in a round. */
  cheapOperations: number;
  idleMs: number;
  /** Between the creation of the users and the measurement of the idle service. */
  settleMs: number;
}

/** What to measure, and for which targets. */
export interface OperationOptions {
  /** Such as `Node 24, bcrypt:4`. */
  label: string;
  sizes: OperationSizes;
  /** The targets are for the cheapest hash on the recommended Node. Others get this much more. @default 0 */
  allowance?: number;
  /** Makes a user an administrator. */
  appoint(email: string): Promise<void>;
  /** Resident memory of the service, in MB. */
  memory(): Promise<number>;
}

type Round = Record<'log in' | 'register and confirm' | 'P6 refresh' | 'P4 own user' | 'list of 50', number>;

/** Targets in cpu-ms of all processes. */
const TARGETS: Round = {
  'log in': 5,
  'register and confirm': 16,
  'P6 refresh': 0.8,
  'P4 own user': 0.38,
  'list of 50': 0.6,
};
/** Requests in flight. With fewer, each step also pays for waking a process that sleeps. */
const LANES = 8;
const IDLE_TARGET = 4;
const MEMORY_TARGET = 250;

/** CPU time of each operation in all processes of the service and its engines, without the client and the idle service. */
export const operationCosts = async (service: MeasuredService, options: OperationOptions): Promise<Figure[]> => {
  const { label, sizes, allowance = 0 } = options;
  const users = await createTestUsers(service, sizes.users);
  const [first] = users as [TestUser];
  await options.appoint(first.email);
  const { idle, cpu } = await withoutIdleCost(service.cpu, sizes.idleMs, sizes.settleMs);
  const measured = { ...service, cpu };
  const rounds: Round[] = [];
  for (let round = 0; round <= sizes.rounds; round += 1) rounds.push(await measureRound(measured, users, sizes));
  const details = `cpu-ms of all processes, median of ${sizes.rounds} rounds of ${sizes.operations}, or ${sizes.cheapOperations} without a hash, ${LANES} in flight; ${sizes.users} users`;
  // The first round only warms up.
  const costs = (Object.keys(TARGETS) as (keyof Round)[]).map((operation) => ({
    name: `${operation}, ${label}`,
    measured: median(rounds.slice(1).map((round) => round[operation])),
    unit: 'cpu-ms',
    target: { atMost: TARGETS[operation] * (1 + allowance) },
    details,
  }));
  return [
    ...costs,
    {
      name: `idle, ${label}`,
      measured: idle,
      unit: 'cpu-ms/s',
      target: { atMost: IDLE_TARGET * (1 + allowance) },
      details: `over ${sizes.idleMs} ms, ${sizes.settleMs} ms after the users were created`,
    },
    {
      name: `memory after this load, ${label}`,
      measured: await options.memory(),
      unit: 'MB',
      target: { atMost: MEMORY_TARGET },
      details: 'resident memory of the process that runs all services',
    },
  ];
};

const measureRound = async (
  service: MeasuredService,
  users: readonly TestUser[],
  { operations, cheapOperations }: OperationSizes,
): Promise<Round> => {
  const each = (count: number, work: (user: TestUser, lane: number) => Promise<unknown>) =>
    cpuPerOperation(service.cpu, count, () =>
      runParallel({ count, lanes: LANES }, (index, lane) => work(users[index % users.length] as TestUser, lane)),
    );
  const tokens: { accessToken: string; refreshToken: string }[] = [];
  const logInCost = await each(operations, async ({ email, password }) => {
    const { body } = await ask(service.api, 'POST', '/auth/login', { body: { email, password } });
    tokens.push(body as { accessToken: string; refreshToken: string });
  });
  let turn = 0;
  const nextIndex = () => turn++ % tokens.length;
  const ownUserCost = await each(cheapOperations, () =>
    ask(service.api, 'GET', '/user', { token: tokens[nextIndex()]?.accessToken ?? '' }),
  );
  const administrator = await administratorToken(service, users);
  const listCost = await each(cheapOperations, () =>
    ask(service.api, 'GET', '/users?limit=50', { token: administrator }),
  );
  // Each lane refreshes a session of its own: two refreshes at once would look like a copied token.
  const refreshCost = await each(cheapOperations, async (_user, lane) => {
    const { refreshToken } = tokens[lane] as (typeof tokens)[number];
    const { body } = await ask(service.api, 'POST', '/auth/refresh', { body: { refreshToken } });
    tokens[lane] = body as (typeof tokens)[number];
  });
  return {
    'log in': logInCost,
    'register and confirm': await registrationCost(service, operations),
    'P6 refresh': refreshCost,
    'P4 own user': ownUserCost,
    'list of 50': listCost,
  };
};

const administratorToken = async ({ api }: MeasuredService, users: readonly TestUser[]): Promise<string> => {
  const [{ email, password }] = users as [TestUser];
  const { body } = await ask(api, 'POST', '/auth/login', { body: { email, password } });
  return (body as { accessToken: string }).accessToken;
};

/** The mails are read between the two measurements, because a user's mail program costs the service nothing. */
const registrationCost = async (service: MeasuredService, count: number): Promise<number> => {
  const users = Array.from({ length: count }, newUser);
  const registering = await cpuPerOperation(service.cpu, count, () => registerAll(service, users, LANES));
  const tokens = await tokensByAddress(service);
  const confirming = await cpuPerOperation(service.cpu, count, () => confirmAll(service, users, tokens, LANES));
  return registering + confirming;
};
