import { createHmac } from 'node:crypto';
import { expect } from '@jest/globals';
import { execute } from '../../../embedded/test/postgres.js';
import type { DataSources } from '../../src/oracle/findDifferences.js';
import { type KeyRow, keyRing, unseal } from '../../src/oracle/keyRing.js';
import { loggedEvents } from '../../src/oracle/loggedEvents.js';

/** Reads key, wrapped key and password hash of a user from log and vault, before the erasure, and derives the address MACs. */
export const secretTraces = async (
  { eventLog, vault, secrets }: DataSources,
  { id, email, newEmail }: { id: string; email: string; newEmail: string },
) => {
  const { rows } = await execute(vault, 'select * from data_key');
  const keyOf = keyRing(Buffer.from(secrets.MASTER_KEY, 'base64'), rows as KeyRow[]);
  const wrapped = (rows as KeyRow[]).find(({ subject }) => subject === id)?.wrapped;
  const [key, registered] = [
    keyOf(id),
    (await loggedEvents(eventLog)).find(({ stream, type }) => stream === `user-${id}` && type === 'UserRegistered.v2'),
  ];
  if (!Buffer.isBuffer(key) || !wrapped || registered === undefined)
    throw new Error('the user has no key or no UserRegistered.v2 event');
  const hash = unseal(key, registered.data.passwordHash, [id, registered.type, registered.id, 'passwordHash']);
  expect(hash).toContain('$2');
  const addressKey = Buffer.from(secrets.ADDRESS_KEY, 'base64');
  const macOf = (address: string) => createHmac('sha256', addressKey).update(address).digest();
  return { key, wrapped, hash, mac: macOf(email), newMac: macOf(newEmail) };
};
