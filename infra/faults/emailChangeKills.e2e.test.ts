import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectOutcome, firstModel, STEPS, type Step } from '../../command-api/test/emailChangeModel.js';
import { lastingDifferences } from '../e2e/src/oracle/findDifferences.js';
import { seededRandom } from '../e2e/test/recovery/seededRandom.js';
import { spawnProgram } from '../e2e/test/spawnProgram.js';
import { startWholeService, type WholeService } from '../e2e/test/startWholeService.js';
import { faultRounds } from '../kit/test/faultRounds.js';
import { until } from '../kit/test/until.js';
import {
  ADMINISTRATOR,
  type EmailChangeSubject,
  emailChangeSubject,
  PASSWORD,
  RIVAL_PASSWORD,
  type TimelessStep,
} from './test/emailChangeSteps.js';
import { registerUser, timedClient } from './test/registerUser.js';

/** Orders of steps, drawn at random. `emailChangeOrders.int.test.ts` goes through all of them, without kills. */
const ORDERS = faultRounds({ usual: 2, full: 100 });
const STEPS_OF_AN_ORDER = 4;
const ORDER_MS = 300_000;
/** Within the time that a step takes. */
const LONGEST_STEP_MS = 30;
/** A mail that was being sent when the service was killed is sent again once its lease of 30 s has ended. */
const LONGEST_SETTLING_MS = 60_000;

let folder: string;
let service: WholeService;
const start = async (): Promise<void> => {
  service = await startWholeService(join(folder, 'data'));
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-email-changes-'));
  await start();
  await registerUser(timedClient(service.api), service.inbox, ADMINISTRATOR);
  const program = 'infra/commands/dist/admin/main.js';
  expect(await spawnProgram(program, { DATA_DIR: service.dataDir }, [ADMINISTRATOR]).ended).toBe(0);
}, ORDER_MS);
afterAll(async () => {
  await service.process.end('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

const isTimeless = (step: Step): step is TimelessStep => step !== 'a-day' && step !== 'eight-days';

const drawOrder = (random: () => number): TimelessStep[] =>
  STEPS.filter(isTimeless)
    .map((step) => ({ step, at: random() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, STEPS_OF_AN_ORDER)
    .map(({ step }) => step);

/** Kills the service while it works on a step, or right after, and starts it again. */
const killDuring = async (subject: EmailChangeSubject, step: TimelessStep, random: () => number): Promise<void> => {
  const interrupted = subject.run(step).catch(() => undefined);
  await sleep(random() * LONGEST_STEP_MS);
  await service.process.end('SIGKILL');
  await interrupted;
  await start();
};

/** Repeats requests until the service, which may be busy after its start, answers them. @throws Error with the name, and why not */
const answered = async (name: string, send: () => Promise<string>): Promise<string> => {
  let outcome: string | undefined;
  let cause: unknown;
  const isAnswered = async (): Promise<boolean> => {
    try {
      outcome = await send();
    } catch (error) {
      cause = error;
    }
    return outcome !== undefined;
  };
  await until(isAnswered).catch(() => {
    throw new Error(`${name} was not answered: ${cause}`, { cause });
  });
  return outcome ?? '';
};

describe('a change of the address while the service is killed', () => {
  it(
    'E-05 has the outcome of the rules in a sample of orders, and vault, read model and log agree after each',
    async () => {
      const seed = Date.now() % 2 ** 31;
      const random = seededRandom(seed);
      for (let number = 1; number <= ORDERS; number += 1) {
        const order = drawOrder(random);
        const subject = await emailChangeSubject(() => service, number);
        const model = firstModel();
        const outcomes: string[][] = [];
        for (const step of order) {
          const expected = expectOutcome(model, step);
          if (expected === 'skipped') continue;
          const killed = random() < 0.5;
          if (killed) await killDuring(subject, step, random);
          const outcome = await answered(step, () => subject.run(step));
          outcomes.push([step, killed ? 'killed' : 'not killed', expected, outcome]);
        }
        for (const place of ['A', 'B', 'C'] as const) {
          const own = model.status !== 'erased' && model.address === place;
          const expected = !own ? 'credentials-invalid' : model.status === 'suspended' ? 'account-suspended' : 'ok';
          const logIn = (password: string) => answered(`a log-in at ${place}`, () => subject.logIn(place, password));
          outcomes.push([place, 'user', expected, await logIn(PASSWORD)]);
          const rival = model.rivals.includes(place) ? 'ok' : 'other';
          const found = await logIn(RIVAL_PASSWORD);
          outcomes.push([place, 'rival', rival, found === 'ok' ? 'ok' : 'other']);
        }
        const wrong = outcomes.filter(([, , expected, found]) => expected !== found);
        expect({ seed, order, outcomes, wrong }).toEqual({ seed, order, outcomes, wrong: [] });
        const differences = await lastingDifferences(service.sources, LONGEST_SETTLING_MS);
        expect({ seed, order, differences }).toEqual({ seed, order, differences: [] });
      }
    },
    ORDERS * ORDER_MS,
  );
});
