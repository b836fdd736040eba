import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expectedUsers } from './expectedUsers.js';
import { feedDifferences } from './feedDifferences.js';
import { type KeyRow, keyRing } from './keyRing.js';
import { logDifferences, loggedEvents } from './loggedEvents.js';
import { readModelDifferences } from './readModelDifferences.js';
import { vaultDifferences } from './vaultDifferences.js';

/** Where the data of a running service is. */
export interface DataSources {
  /** Connection string of the event log. */
  eventLog: string;
  /** URLs of the two databases, with roles that may read all their tables. */
  vault: string;
  users: string;
  /** In base64 or base64url, as in the environment of the services. */
  secrets: { MASTER_KEY: string; ADDRESS_KEY: string };
}

/**
 * Folds the event log and compares read model and vault with the result. Shares no code with projector, reconciler and
 * sealing, so that it does not repeat their bugs. Nothing may be written meanwhile.
 * @returns ids and names of the fields that differ, never values
 */
export const findDifferences = async ({ eventLog, vault, users, secrets }: DataSources): Promise<string[]> => {
  const clients = [vault, users].map((connectionString) => new pg.Client({ connectionString }));
  const [vaultClient, usersClient] = clients as [pg.Client, pg.Client];
  await Promise.all(clients.map((client) => client.connect()));
  try {
    const events = await loggedEvents(eventLog);
    const { rows } = await vaultClient.query<KeyRow>('select * from data_key');
    const keyOf = keyRing(Buffer.from(secrets.MASTER_KEY, 'base64'), rows);
    const expected = expectedUsers(events, keyOf);
    const addressKey = Buffer.from(secrets.ADDRESS_KEY, 'base64');
    return [
      ...logDifferences(events),
      ...duplicateAddresses(expected.map(({ email }) => email)),
      ...(await readModelDifferences(usersClient, expected)),
      ...(await feedDifferences(usersClient, events)),
      ...(await vaultDifferences({ vault: vaultClient, addressKey, keyOf }, expected, events)),
    ];
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
};

/** Longer than an erasure waits for uploads, with the sweep after it. */
const LONGEST_WAIT_MS = 75_000;

/** Compares until there is no difference, because projector and reconciler may lag. @returns what still differs in the end */
export const lastingDifferences = async (sources: DataSources, longestWaitMs = LONGEST_WAIT_MS): Promise<string[]> => {
  for (const end = performance.now() + longestWaitMs; ; await sleep(100)) {
    const differences = await findDifferences(sources);
    if (differences.length === 0 || performance.now() > end) return differences;
  }
};

const duplicateAddresses = (emails: readonly (string | undefined)[]): string[] => {
  const known = emails.filter((email) => email !== undefined);
  return new Set(known).size === known.length ? [] : ['two users have the same address'];
};
