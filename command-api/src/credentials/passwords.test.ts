import { readFile } from 'node:fs/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { boundedQueue } from '@ums/kit/queue/boundedQueue';
import bcrypt from 'bcrypt';
import { hashScheme } from './hashScheme.js';
import { createPasswords, UNPEPPERED } from './passwords.js';
import { createPepper } from './pepper.js';

const first = createPepper(Buffer.alloc(32, 1));
const second = createPepper(Buffer.alloc(32, 2));
const queue = boundedQueue({ running: 2, waiting: 20 });
const passwords = createPasswords({ appName: 'Example', scheme: hashScheme('bcrypt:4'), peppers: [first], queue });
let sources = 0;
/** A turn of a source of its own. */
const turn = () => ({ purpose: 'log-in' as const, source: `192.0.2.${++sources}` });
const user = { email: 'ada@example.org', name: 'Ada Lovelace' };

describe('passwords', () => {
  it.each([
    ['beyond the 72 bytes bcrypt reads', `${'x'.repeat(72)}A`, `${'x'.repeat(72)}B`],
    ['in two-byte letters', 'é'.repeat(40), `${'é'.repeat(36)}zzzz`],
    ['after a NUL', 'abc\0d', 'abc\0e'],
  ])('A-03 distinguishes passwords that differ %s', async (_where, one, other) => {
    const stored = await passwords.hash(one, turn());
    expect(await passwords.verify(one, stored, turn())).toBe(true);
    expect(await passwords.verify(other, stored, turn())).toBe(false);
  });

  it('A-04 accepts a password in composed and in decomposed form', async () => {
    const composed = 'une journée à Besançon';
    const stored = await passwords.hash(passwords.validate(composed.normalize('NFD'), user), turn());
    expect(await passwords.verify(composed.normalize('NFC'), stored, turn())).toBe(true);
    expect(await passwords.verify(composed.normalize('NFD'), stored, turn())).toBe(true);
  });

  it('A-01 names the field when it refuses a short password', () => {
    expect(() => passwords.validate('only 14 chars ', user)).toThrow(
      expect.objectContaining({
        slug: 'validation-failed',
        details: { errors: [{ field: 'password', message: 'must have at least 15 characters' }] },
      }),
    );
  });

  it('A-03 makes a different hash of the same password each time', async () => {
    expect(await passwords.hash('correct horse battery', turn())).not.toBe(
      await passwords.hash('correct horse battery', turn()),
    );
  });

  it('E-02 verifies against a decoy and answers false when there is no account', async () => {
    expect(await passwords.verify('correct horse battery', undefined, turn())).toBe(false);
  });

  it('A-05 stores the algorithm, cost and pepper id with the hash', async () => {
    expect(await passwords.hash('correct horse battery', turn())).toMatch(
      new RegExp(`^${first.id}:\\$2b\\$04\\$.{53}$`),
    );
  });

  it.each([
    ['a higher cost', 'bcrypt:5', [first]],
    ['another algorithm', 'argon2id', [first]],
    ['a new pepper', 'bcrypt:4', [second, first]],
  ] as const)('A-05 verifies a hash made before %s and reports it as outdated', async (_change, choice, peppers) => {
    const stored = await passwords.hash('correct horse battery', turn());
    const [current, ...previous] = peppers;
    const later = createPasswords({
      appName: 'Example',
      scheme: hashScheme(choice),
      peppers: [current, ...previous],
      queue,
    });
    expect(await later.verify('correct horse battery', stored, turn())).toBe(true);
    expect(await later.verify('another horse battery', stored, turn())).toBe(false);
    expect(later.isOutdated(stored)).toBe(true);
    expect(later.isOutdated(await later.hash('correct horse battery', turn()))).toBe(false);
  });

  it('A-05 verifies argon2id hashes after a change back to bcrypt', async () => {
    const argon = createPasswords({ appName: 'Example', scheme: hashScheme('argon2id'), peppers: [first], queue });
    const stored = await argon.hash('correct horse battery', turn());
    expect(stored).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
    expect(await argon.verify('an unknown password', undefined, turn())).toBe(false);
    expect(await passwords.verify('correct horse battery', stored, turn())).toBe(true);
    expect(passwords.isOutdated(stored)).toBe(true);
  });

  it.each(['correct horse battery', 'une journ\u0065\u0301e', 'x'.repeat(80)])(
    'A-05 verifies a bcrypt hash that another service made without a pepper, and reports it as outdated (%#)',
    async (password) => {
      const stored = `${UNPEPPERED}:${await bcrypt.hash(password, 4)}`;
      for (const choice of ['bcrypt:4', 'argon2id'] as const) {
        const current = createPasswords({ appName: 'Example', scheme: hashScheme(choice), peppers: [first], queue });
        expect(await current.verify(password, stored, turn())).toBe(true);
        expect(await current.verify(`another ${password}`, stored, turn())).toBe(false);
        expect(current.isOutdated(stored)).toBe(true);
      }
    },
  );

  it('E-01 answers a password as wrong when the pepper of its hash was left out, after the same work, and tells so', async () => {
    const other = createPasswords({ appName: 'Example', scheme: hashScheme('bcrypt:4'), peppers: [second], queue });
    const stored = await other.hash('x', turn());
    const scheme = hashScheme('bcrypt:4');
    const verify = jest.spyOn(scheme, 'verify');
    const onUnknownPepper = jest.fn();
    const later = createPasswords({ appName: 'Example', scheme, peppers: [first], queue, onUnknownPepper });
    expect(await later.verify('x', stored, turn())).toBe(false);
    expect(verify).toHaveBeenCalledTimes(1);
    expect(onUnknownPepper).toHaveBeenCalledTimes(1);
    expect(await later.verify('x', undefined, turn())).toBe(false);
    expect(onUnknownPepper).toHaveBeenCalledTimes(1);
  });

  it('R-05 leaves threads for file access while hashes run and wait', async () => {
    const slow = createPasswords({ appName: 'Example', scheme: hashScheme('bcrypt:10'), peppers: [first], queue });
    let hashed = 0;
    const hashes = Array.from({ length: 10 }, async () => {
      await slow.hash('correct horse battery', turn());
      hashed += 1;
    });
    await readFile(new URL(import.meta.url));
    expect(hashed).toBeLessThan(10);
    await Promise.all(hashes);
  });

  it('R-05 refuses at once when the queue is full, and accepts again once it has drained', async () => {
    const narrow = boundedQueue({ running: 2, waiting: 3 });
    const busy = createPasswords({
      appName: 'Example',
      scheme: hashScheme('bcrypt:4'),
      peppers: [first],
      queue: narrow,
    });
    const outcomes = await Promise.allSettled(Array.from({ length: 9 }, () => busy.verify('x', undefined, turn())));
    expect(outcomes.map(({ status }) => status)).toEqual([...Array(5).fill('fulfilled'), ...Array(4).fill('rejected')]);
    expect(outcomes[5]).toMatchObject({ reason: { slug: 'busy', details: { retryAfterSeconds: 2 } } });
    expect(await busy.verify('x', undefined, turn())).toBe(false);
  });
});
