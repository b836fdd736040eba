import type { Service } from '@ums/embedded/environments';
import type { RunningEngines } from '@ums/embedded/startEngines';
import { seedUsers } from '../directory/seedUsers.js';
import { HIGH_LIMITS } from '../load/highLimits.js';
import { runParallel } from '../load/runParallel.js';
import { median } from '../load/statistics.js';
import { unhurriedPool } from '../load/unhurriedPool.js';
import { type Figure, formatNumber } from '../report/figure.js';
import { ask } from '../service/ask.js';
import { logIn, newUser, untilMailed } from '../service/testUsers.js';
import { type StartedServices, startServices } from './startServices.js';

export interface ProcessSizes {
  /** Before memory is measured again. */
  requests: number;
  /** Of each API. */
  starts: number;
  /** In the read model for the last starts. */
  users: number;
}

const LANES = 8;

/** P18 and P19: memory and starts of the services in processes of their own. */
export const processFigures = async (
  engines: RunningEngines,
  { requests, starts, users }: ProcessSizes,
): Promise<Figure[]> => {
  const services = await startServices(engines, { ...HIGH_LIMITS, PASSWORD_HASH: 'bcrypt:4' });
  try {
    const token = await userToken(services, engines.inbox);
    const idle = await services.memory();
    await runParallel({ count: requests, lanes: LANES }, () =>
      ask(services.url('query-api'), 'GET', '/user', { token }),
    );
    const loaded = await services.memory();
    const command = await startTimes(services, 'command-api', starts);
    const query = await startTimes(services, 'query-api', starts);
    await seed(engines, users);
    const queryOfMany = await startTimes(services, 'query-api', starts);
    const memory = {
      unit: 'MB',
      target: { atMost: 450 },
      details: 'resident memory of command-api, projector, notifier, notary and query-api together',
    };
    const start = { unit: 'cpu-s', target: { atMost: 0.6 }, details: `until ready, median of ${starts} starts` };
    return [
      { name: 'P18 memory of the five processes, idle', measured: idle, ...memory },
      { name: 'P18 memory of the five processes, after requests', measured: loaded, ...memory },
      {
        ...{ name: 'P18 growth of their memory', measured: loaded / idle, unit: '×', target: { atMost: 1.15 } },
        details: `by ${requests} GET /user, ${LANES} in flight`,
      },
      { name: 'P19 start of command-api', measured: command, ...start },
      { name: 'P19 start of query-api', measured: query, ...start },
      {
        ...{ name: 'P19 start of query-api, with many users', measured: queryOfMany / query, unit: '×' },
        target: { atMost: 1.2 },
        details: `with ${users} users (${formatNumber(queryOfMany)} cpu-s), compared with one`,
      },
    ];
  } finally {
    await services.close();
  }
};

const userToken = async ({ url }: StartedServices, inbox: string): Promise<string> => {
  const user = newUser();
  const api = url('command-api');
  await ask(api, 'POST', '/auth/register', { body: user });
  const token = await untilMailed(inbox, user.email);
  await ask(api, 'POST', '/auth/confirm', { body: { token, password: user.password } });
  return logIn({ api }, user);
};

/** Median CPU time in seconds. */
const startTimes = async (services: StartedServices, service: Service, starts: number): Promise<number> => {
  const times: number[] = [];
  for (let start = 0; start < starts; start += 1) times.push((await services.restart(service)) / 1_000);
  return median(times);
};

const seed = async (engines: RunningEngines, users: number): Promise<void> => {
  const pool = unhurriedPool(engines.usersFor('projector'), 2);
  await seedUsers(pool, 0, users).finally(() => pool.end());
};
