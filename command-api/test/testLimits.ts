import { createSecretKey } from 'node:crypto';
import type pg from 'pg';
import { type TestClock, testClock } from '../../infra/kit/test/testClock.js';
import { type CredentialLimits, createCredentialLimits } from '../src/limits/credentialLimits.js';
import { type TestVault, testVault } from './testVault.js';

export const addressKey = createSecretKey(Buffer.alloc(32, 7));

/** Smaller than the defaults where a test has to reach them. */
const settings = {
  ...{ failuresPerAccountAndSource: 10, failuresPerAccount: 25, failuresPerSource: 40 },
  ...{ mailsPerAddressAndSource: 3, mailsPerAddress: 5, mailsPerSource: 8 },
};

export interface TestLimits {
  vault: TestVault;
  clock: TestClock;
  /** The limits as one process has them, over the vault's own pool unless another one is given. */
  limitsOver(pool?: pg.Pool): CredentialLimits;
}

export const testLimits = async (): Promise<TestLimits> => {
  const vault = await testVault();
  const clock = testClock();
  return {
    vault,
    clock,
    limitsOver: (pool = vault.pool) => createCredentialLimits({ vault: pool, clock, addressKey, settings }),
  };
};
