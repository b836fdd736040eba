import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expectedUsers } from './expectedUsers.js';
import { faultsOfReadModel } from './faultsOfReadModel.js';
import { faultsOfVault } from './faultsOfVault.js';
import { type KeyRow, keyRing } from './keyRing.js';
import { faultsOfLog, loggedEvents } from './loggedEvents.js';

/** A running service, as an oracle may look into it. */
export interface Oracle {
  /** Connection string of the event log. */
  eventLog: string;
  /** URLs of the two databases, with roles that may read everything in them. */
  vault: string;
  users: string;
  /** Base64 or base64url, as the services are given them. */
  secrets: { MASTER_KEY: string; ADDRESS_KEY: string };
}

/**
 * Folds the log by itself, sharing no code with projector, keeper and sealing, and says where read model and vault are not
 * what it says: ids and names of fields, never a value. Nothing must be written meanwhile.
 */
export const askOracle = async ({ eventLog, vault, users, secrets }: Oracle): Promise<string[]> => {
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
      ...faultsOfLog(events),
      ...twins(expected.map(({ email }) => email)),
      ...(await faultsOfReadModel(usersClient, expected)),
      ...(await faultsOfVault({ vault: vaultClient, addressKey, keyOf }, expected, events)),
    ];
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
};

const PATIENCE_MS = 30_000;

/** Asks until everything agrees: projector and keeper may lag. @returns what still differs when the patience is over. */
export const settledDifferences = async (oracle: Oracle, patienceMs = PATIENCE_MS): Promise<string[]> => {
  for (const end = performance.now() + patienceMs; ; await sleep(100)) {
    const differences = await askOracle(oracle);
    if (differences.length === 0 || performance.now() > end) return differences;
  }
};

const twins = (emails: readonly (string | undefined)[]): string[] => {
  const known = emails.filter((email) => email !== undefined);
  return new Set(known).size === known.length ? [] : ['two users have one address'];
};
