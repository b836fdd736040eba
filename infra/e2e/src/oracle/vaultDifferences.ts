import { createHmac } from 'node:crypto';
import type { Client } from 'pg';
import type { ExpectedUser } from './expectedUsers.js';
import type { Key } from './keyRing.js';
import type { LoggedEvent } from './loggedEvents.js';
import { failedChecks } from './readModelDifferences.js';

interface AccountRow {
  user_id: string;
  registration_id: string;
  status: string;
  roles: string[];
  revision: string;
  epoch: string;
  sessions_from: string;
}

export interface VaultView {
  vault: Client;
  addressKey: Buffer;
  keyOf: (subject: string) => Key;
}

/** Differences between the vault and the log: ids and names of columns, never values. */
export const vaultDifferences = async (
  { vault, addressKey, keyOf }: VaultView,
  expected: readonly ExpectedUser[],
  events: readonly LoggedEvent[],
): Promise<string[]> => {
  const { rows } = await vault.query<AccountRow>('select * from account');
  const accounts = new Map(rows.map((row) => [row.user_id, row]));
  const addresses = await vault.query<{ mac: Buffer; user_id: string; state: string }>('select * from address');
  const differences = expected.flatMap((user) => {
    const row = accounts.get(user.userId);
    accounts.delete(user.userId);
    const owned = addresses.rows.filter(({ user_id }) => user_id === user.userId);
    const macs = owned.map(({ mac, state }) => `${state} ${mac.toString('hex')}`).sort();
    const erased = user.status === 'erased';
    const checks = {
      ...(row === undefined ? { account: false } : accountChecks(row, user)),
      address: String(macs) === (erased ? '' : String(addressRows(addressKey, user))),
      key: erased ? keyOf(user.userId) === 'erased' : Buffer.isBuffer(keyOf(user.userId)),
      registration_key: !Buffer.isBuffer(keyOf(user.registrationId)),
      finished: user.finished === erased,
    };
    return failedChecks(checks).map((name) => `account ${user.userId}: ${name}`);
  });
  return [
    ...differences,
    ...[...accounts.keys()].map((id) => `account ${id}: user not in the log`),
    ...(await sessionDifferences(vault, expected, events)),
    ...(await unfinishedWork(vault)),
  ];
};

/** The rows of a user's addresses. None is older than the time in which a change can be undone. */
const addressRows = (addressKey: Buffer, { email, replaced }: ExpectedUser): string[] => {
  const macOf = (address = '') => createHmac('sha256', addressKey).update(address).digest('hex');
  const held = new Set(replaced.filter(({ confirmed }) => confirmed).map((change) => change.email));
  held.delete(email);
  return [`current ${macOf(email)}`, ...[...held].map((address) => `held ${macOf(address)}`)].sort();
};

/** The row of an erased account may reflect the start or the end of its erasure. */
const accountChecks = (row: AccountRow, user: ExpectedUser): Record<string, boolean> => {
  const erased = user.status === 'erased';
  const [revision, epoch, from] = [BigInt(row.revision), BigInt(row.epoch), BigInt(row.sessions_from)];
  const isAt = (value: bigint, at: bigint) => (erased ? value >= at && value <= user.revision : value === at);
  return {
    registration_id: row.registration_id === user.registrationId,
    status: row.status === user.status,
    roles: String(row.roles) === String(user.roles),
    revision: isAt(revision, erased ? user.epoch : user.revision),
    epoch: isAt(epoch, user.epoch),
    sessions_from: isAt(from, user.sessionsFrom),
  };
};

/** Each session must have started, not ended, and be newer than the last event that ended all sessions of its user. */
const sessionDifferences = async (
  vault: Client,
  expected: readonly ExpectedUser[],
  events: readonly LoggedEvent[],
): Promise<string[]> => {
  const users = new Map(expected.map((user) => [user.userId, user]));
  const idsOf = (type: string) =>
    new Set(events.filter((event) => event.type === type).map(({ data }) => data.sessionId));
  const [started, ended] = [idsOf('SessionStarted'), idsOf('SessionEnded')];
  const { rows } = await vault.query<{ id: string; user_id: string; epoch: string }>('select * from session');
  return rows.flatMap(({ id, user_id: userId, epoch }) => {
    const user = users.get(userId);
    const checks = {
      started: started.has(id),
      ended: !ended.has(id),
      user: user?.status === 'active',
      epoch: user !== undefined && BigInt(epoch) >= user.sessionsFrom && BigInt(epoch) <= user.revision,
    };
    return failedChecks(checks).map((name) => `session ${id}: ${name}`);
  });
};

/** Erasures and erasure notices that the reconciler and the notifier have not finished. */
const unfinishedWork = async (vault: Client): Promise<string[]> => {
  const { rows } = await vault.query<{ what: string }>(
    `select 'erasure ' || user_id || ': unfinished' as what from erasure
     union all select 'erasure notice ' || id || ': unsent' from farewell`,
  );
  return rows.map(({ what }) => what);
};
