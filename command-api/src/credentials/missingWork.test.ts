import { expect, it, jest } from '@jest/globals';
import { type BoundedQueue, boundedQueue } from '@ums/kit/queue/boundedQueue';
import bcrypt from 'bcrypt';
import { type HashChoice, hashScheme } from './hashScheme.js';
import { createPasswords, UNPEPPERED } from './passwords.js';
import { createPepper } from './pepper.js';

const first = createPepper(Buffer.alloc(32, 1));
const second = createPepper(Buffer.alloc(32, 2));
const queue = boundedQueue({ running: 2, waiting: 20 });
const turn = { purpose: 'log-in' as const, source: '192.0.2.1' };

/** What a wrong password costs, in rounds of bcrypt, and the places it takes in the queue. */
const costOfFailure = async (choice: HashChoice, stored: string | undefined) => {
  const scheme = hashScheme(choice);
  const verify = jest.spyOn(scheme, 'verify');
  const counted = jest.fn(queue);
  const later = createPasswords({
    appName: 'Example',
    scheme,
    peppers: [second, first],
    queue: counted as BoundedQueue,
  });
  expect(await later.verify('another horse battery', stored, turn)).toBe(false);
  const costs = verify.mock.calls.map(([, hash]) => Number(/^\$2[ab]\$(\d\d)\$.{53}$/.exec(hash)?.[1]));
  return { rounds: costs.reduce((sum, cost) => sum + 2 ** cost, 0), turns: counted.mock.calls.length };
};

it.each([
  ['the cost below', 'bcrypt:10', 11],
  ['a far lower cost', 'bcrypt:4', 10],
  ['the same cost, and another pepper', 'bcrypt:5', 5],
] as const)(
  'E-02 spends on a wrong password as much as without an account when the hash has %s',
  async (_age, before, now) => {
    const older = createPasswords({ appName: 'Example', scheme: hashScheme(before), peppers: [first], queue });
    const stored = await older.hash('correct horse battery', turn);
    const choice = `bcrypt:${now}` as const;
    const unknown = await costOfFailure(choice, undefined);
    expect(unknown).toEqual({ rounds: 2 ** now, turns: 1 });
    expect(await costOfFailure(choice, stored)).toEqual(unknown);
  },
);

it.each(['$2a$', '$2b$'])('E-02 does so for a hash %s that another service made', async (version) => {
  const stored = `${UNPEPPERED}:${(await bcrypt.hash('correct horse battery', 4)).replace('$2b$', version)}`;
  expect(await costOfFailure('bcrypt:5', stored)).toEqual(await costOfFailure('bcrypt:5', undefined));
});

it('E-02 adds nothing when the password matches, or to a hash that costs more or has another algorithm', async () => {
  const [cheap, dear] = [await bcrypt.hash('correct horse battery', 4), await bcrypt.hash('correct horse battery', 5)];
  const argon = await hashScheme('argon2id').hash('correct horse battery');
  const verifications = async (choice: HashChoice, text: string, hash: string) => {
    const scheme = hashScheme(choice);
    const verify = jest.spyOn(scheme, 'verify');
    const later = createPasswords({ appName: 'Example', scheme, peppers: [first], queue });
    await later.verify(text, `${UNPEPPERED}:${hash}`, turn);
    return verify.mock.calls.length;
  };
  expect(await verifications('bcrypt:5', 'correct horse battery', cheap)).toBe(1);
  expect(await verifications('bcrypt:4', 'another horse battery', dear)).toBe(1);
  expect(await verifications('bcrypt:4', 'another horse battery', argon)).toBe(1);
  expect(await verifications('argon2id', 'another horse battery', dear)).toBe(1);
});
