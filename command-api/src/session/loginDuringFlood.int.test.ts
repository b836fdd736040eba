import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { boundedQueue } from '@ums/kit/queue/boundedQueue';
import { confirmedUser, PASSWORD, requestOrigin } from '../../test/testCommands.js';
import { type TestSessions, testSessions } from '../../test/testSessions.js';
import { hashScheme } from '../credentials/hashScheme.js';
import { createPasswords } from '../credentials/passwords.js';
import { createPepper } from '../credentials/pepper.js';
import { createCredentialLimits } from '../limits/credentialLimits.js';
import { register } from '../registration/register.js';
import { login } from './login.js';

const ADA = 'ada@example.org';
const HASH_MS = 20;

let deps: TestSessions;
beforeEach(async () => {
  deps = await testSessions();
});
afterEach(() => deps.close());

const from = (bucket: string) => ({ ...requestOrigin(), source: { ip: bucket, userAgent: 'curl/8', bucket } });

/** Hashes that take time but no processor. */
const slowPasswords = () => {
  const scheme = hashScheme('bcrypt:4');
  const slow: typeof scheme = {
    ...scheme,
    hash: async (input) => {
      await sleep(HASH_MS);
      return scheme.hash(input);
    },
    verify: async (input, stored) => {
      await sleep(HASH_MS);
      return scheme.verify(input, stored);
    },
  };
  const queue = boundedQueue({ running: 2, waiting: 20 });
  return createPasswords({ appName: 'Example', scheme: slow, peppers: [createPepper(Buffer.alloc(32, 1))], queue });
};

it('R-05 log-ins of another source succeed while one source floods registrations', async () => {
  deps.passwords = slowPasswords();
  const settings = {
    ...{ failuresPerAccountAndSource: 10, failuresPerAccount: 100, failuresPerSource: 300 },
    ...{ mailsPerAddressAndSource: 3, mailsPerAddress: 12, mailsPerSource: 1_000_000 },
  };
  await confirmedUser(deps, ADA);
  deps.limits = createCredentialLimits({ ...deps, settings });
  let isFlooding = true;
  const answers = { accepted: 0, busy: 0 };
  const flood = Array.from({ length: 30 }, async (_, connection) => {
    for (let sent = 0; isFlooding; sent += 1) {
      const body = { email: `bot${connection}.${sent}@example.org`, name: 'Bot', password: PASSWORD };
      try {
        await register(deps, body, from('203.0.113.9'));
        answers.accepted += 1;
      } catch (error) {
        expect(error).toMatchObject({ slug: 'busy' });
        answers.busy += 1;
        await sleep(5);
      }
    }
  });
  try {
    while (answers.busy === 0) await sleep(5);
    for (let at = 0; at < 20; at += 1) {
      const { body } = await login(deps, { email: ADA, password: PASSWORD }, from('198.51.100.1'));
      expect(body.user.email).toBe(ADA);
    }
  } finally {
    isFlooding = false;
  }
  await Promise.all(flood);
  expect(answers.accepted).toBeGreaterThan(0);
});
