import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Refused } from '@ums/kit/refused';
import { faultRounds } from '../../../infra/kit/test/faultRounds.js';
import {
  type EmailChangeModel,
  expectOutcome,
  firstModel,
  heldPlaces,
  type Outcome,
  type Place,
  STEPS,
  type Step,
} from '../../test/emailChangeModel.js';
import { suspensionOf } from '../../test/testAdministration.js';
import { confirmCallerAs, confirmedUser, PASSWORD, requestOrigin } from '../../test/testCommands.js';
import {
  addressStates,
  confirmChange,
  requestChange,
  type TestEmailChange,
  undoChange,
} from '../../test/testEmailChanges.js';
import { type TestSessions, testSessions } from '../../test/testSessions.js';
import { reinstateUser, suspendUser } from '../administration/changeSuspension.js';
import { eraseUser } from '../profile/eraseUser.js';
import { sweep } from '../reconciler/sweep.js';
import { login } from '../session/login.js';

const DAY_MS = 86_400_000;
const RIVAL_PASSWORD = 'the password of the rival';
/** Steps after the first request, each at most once. With two, there are 156 orders, with four 17,160. */
const LENGTH = faultRounds({ usual: 2, full: 4 });

let deps: TestSessions;
let count = 0;
beforeAll(async () => {
  deps = await testSessions();
});
afterAll(() => deps.close());

/** The user that the steps of an order are about. */
interface Subject {
  userId: string;
  emailOf(place: Place): string;
  first: TestEmailChange;
  another: TestEmailChange | undefined;
}

const newSubject = async (): Promise<Subject> => {
  count += 1;
  const number = count;
  const emailOf = (place: Place) => `${place.toLowerCase()}${number}@example.org`;
  const userId = await confirmedUser(deps, emailOf('A'));
  return { userId, emailOf, first: await requestChange(deps, userId, emailOf('B')), another: undefined };
};

const run = async (subject: Subject, step: Step): Promise<unknown> => {
  const { userId, emailOf, first, another } = subject;
  switch (step) {
    case 'another':
      subject.another = await requestChange(deps, userId, emailOf('C'));
      return;
    case 'confirm':
      return confirmChange(deps, first);
    case 'confirm-another':
      return another && confirmChange(deps, another);
    case 'undo':
      return undoChange(deps, first);
    case 'undo-another':
      return another && undoChange(deps, another);
    case 'a-day':
    case 'eight-days':
      deps.clock.advance((step === 'a-day' ? 1 : 8) * DAY_MS);
      return sweep(deps);
    case 'erase':
      return eraseUser(deps, { userId, password: PASSWORD, confirmCaller: confirmCallerAs(userId) }, requestOrigin());
    case 'suspend':
      return suspendUser(deps, suspensionOf(userId, userId), requestOrigin());
    case 'reinstate':
      return reinstateUser(deps, suspensionOf(userId, userId), requestOrigin());
    case 'rival-registers-A':
    case 'rival-registers-B':
      return confirmedUser(deps, emailOf(step.at(-1) as Place), RIVAL_PASSWORD);
    case 'rival-changes-to-B': {
      const rival = await confirmedUser(deps, `rival${count}@example.org`, RIVAL_PASSWORD);
      const change = await requestChange(deps, rival, emailOf('B'), RIVAL_PASSWORD);
      return confirmChange(deps, change, RIVAL_PASSWORD);
    }
    default:
      return step satisfies never;
  }
};

const outcomeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'ok';
  } catch (error) {
    if (error instanceof Refused) return error.slug;
    throw error;
  }
};

const logIn = (email: string, password: string) => outcomeOf(login(deps, { email, password }, requestOrigin()));

/** Where the user and a rival can log in. Only the current address counts, and an address never has two owners. */
const expectLogins = async ({ emailOf }: Subject, model: EmailChangeModel): Promise<void> => {
  for (const place of ['A', 'B', 'C'] as const) {
    const own = model.status !== 'erased' && model.address === place;
    const expected = !own ? 'credentials-invalid' : model.status === 'suspended' ? 'account-suspended' : 'ok';
    const rival = (await logIn(emailOf(place), RIVAL_PASSWORD)) === 'ok';
    const logins = [await logIn(emailOf(place), PASSWORD), rival];
    expect([place, ...logins]).toEqual([place, expected, model.rivals.includes(place)]);
  }
};

const expectStates = async ({ userId, emailOf }: Subject, model: EmailChangeModel): Promise<void> => {
  const current = model.status === 'erased' ? [] : [`current ${emailOf(model.address)}`];
  const held = heldPlaces(model).map((place) => `held ${emailOf(place)}`);
  expect(await addressStates(deps, userId, [emailOf('A'), emailOf('B'), emailOf('C')])).toEqual([...current, ...held]);
};

const checkOrder = async (order: readonly Step[]): Promise<void> => {
  const subject = await newSubject();
  const model = firstModel();
  const expected: string[] = [];
  const actual: string[] = [];
  for (const step of order) {
    const outcome = expectOutcome(model, step);
    expected.push(outcome);
    actual.push(outcome === 'skipped' ? outcome : await outcomeOf(run(subject, step)));
  }
  expect([order, actual]).toEqual([order, expected]);
  await expectStates(subject, model);
  await expectLogins(subject, model);
};

/** All orders of different steps after these, up to `LENGTH`. */
const ordersAfter = (order: readonly Step[]): Step[][] => {
  if (order.length === LENGTH) return [[...order]];
  return STEPS.filter((step) => !order.includes(step)).flatMap((step) => ordersAfter([...order, step]));
};

describe('a requested change of the address', () => {
  it.each(STEPS)('E-05 has the outcome of the rules in every order that begins with %s', async (step) => {
    for (const order of ordersAfter([step])) await checkOrder(order);
  });

  /** Outcomes in words, beside those of the model; each step in turn. */
  it.each<[string, Step[], Outcome[]]>([
    [
      'only the newest request can be confirmed',
      ['another', 'confirm', 'confirm-another'],
      ['ok', 'token-invalid', 'ok'],
    ],
    ['a confirmation can be repeated', ['confirm', 'confirm'], ['ok', 'ok']],
    ['a refused request cannot be confirmed', ['undo', 'confirm'], ['ok', 'token-invalid']],
    ['an undone change cannot be confirmed again', ['confirm', 'undo', 'confirm'], ['ok', 'ok', 'token-invalid']],
    ['an undo can be repeated', ['confirm', 'undo', 'undo'], ['ok', 'ok', 'ok']],
    [
      'undoing the first of two changes undoes the second, whose owner cannot undo it',
      ['confirm', 'another', 'confirm-another', 'undo', 'undo-another', 'confirm-another'],
      ['ok', 'ok', 'ok', 'ok', 'token-invalid', 'token-invalid'],
    ],
    [
      'the first of two changes can be undone after the second',
      ['confirm', 'another', 'confirm-another', 'undo-another', 'undo'],
      ['ok', 'ok', 'ok', 'ok', 'ok'],
    ],
    [
      'a request that another one replaced can be refused, which ends the other one',
      ['another', 'undo', 'confirm-another', 'undo-another'],
      ['ok', 'ok', 'token-invalid', 'ok'],
    ],
    [
      'the link of a replaced request undoes the change that replaced it',
      ['another', 'confirm-another', 'undo', 'undo-another', 'confirm-another'],
      ['ok', 'ok', 'ok', 'ok', 'token-invalid'],
    ],
    [
      'undoing a change ends a later request',
      ['confirm', 'another', 'undo', 'confirm-another'],
      ['ok', 'ok', 'ok', 'token-invalid'],
    ],
    ['a request expires after a day', ['a-day', 'confirm'], ['ok', 'token-invalid']],
    ['a change can be undone for seven days', ['confirm', 'a-day', 'undo'], ['ok', 'ok', 'ok']],
    ['a change cannot be undone after eight days', ['confirm', 'eight-days', 'undo'], ['ok', 'ok', 'token-invalid']],
    ['the previous address stays reserved', ['confirm', 'rival-registers-A', 'undo'], ['ok', 'token-invalid', 'ok']],
    ['the previous address becomes free', ['confirm', 'eight-days', 'rival-registers-A'], ['ok', 'ok', 'ok']],
    ['the undone address becomes free at once', ['confirm', 'undo', 'rival-registers-B'], ['ok', 'ok', 'ok']],
    ['a rival who registers first wins', ['rival-registers-B', 'confirm'], ['ok', 'token-invalid']],
    ['a rival who changes first wins', ['rival-changes-to-B', 'confirm'], ['ok', 'token-invalid']],
    ['a rival who registers later loses', ['confirm', 'rival-registers-B'], ['ok', 'token-invalid']],
    ['a rival who changes later loses', ['confirm', 'rival-changes-to-B'], ['ok', 'token-invalid']],
    [
      'a suspended user confirms nothing, but a change can be undone',
      ['suspend', 'confirm', 'undo'],
      ['ok', 'account-suspended', 'ok'],
    ],
    ['a suspension that ended has no effect', ['suspend', 'reinstate', 'confirm'], ['ok', 'ok', 'ok']],
    [
      'an erasure ends everything',
      ['confirm', 'erase', 'confirm', 'undo'],
      ['ok', 'ok', 'token-invalid', 'token-invalid'],
    ],
    [
      'an erasure frees both addresses',
      ['confirm', 'erase', 'rival-registers-A', 'rival-changes-to-B'],
      ['ok', 'ok', 'ok', 'ok'],
    ],
  ])('E-05 %s', async (_, order, outcomes) => {
    const model = firstModel();
    expect(order.map((step) => expectOutcome(model, step))).toEqual(outcomes);
    await checkOrder(order);
  });
});
