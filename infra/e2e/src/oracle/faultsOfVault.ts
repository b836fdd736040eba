import { createHmac } from 'node:crypto';
import type { Client } from 'pg';
import type { ExpectedUser } from './expectedUsers.js';
import { namesOfFaults } from './faultsOfReadModel.js';
import type { Key } from './keyRing.js';
import type { Logged } from './loggedEvents.js';

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

/** In what the vault is not what the log says: ids and names of columns, never values. */
export const faultsOfVault = async (
  { vault, addressKey, keyOf }: VaultView,
  expected: readonly ExpectedUser[],
  events: readonly Logged[],
): Promise<string[]> => {
  const { rows } = await vault.query<AccountRow>('select * from account');
  const accounts = new Map(rows.map((row) => [row.user_id, row]));
  const addresses = await vault.query<{ mac: Buffer; user_id: string; state: string }>('select * from address');
  const faults = expected.flatMap((user) => {
    const row = accounts.get(user.userId);
    accounts.delete(user.userId);
    const owned = addresses.rows.filter(({ user_id }) => user_id === user.userId);
    const macs = owned.map(({ mac, state }) => `${state} ${mac.toString('hex')}`);
    const mac = createHmac('sha256', addressKey)
      .update(user.email ?? '')
      .digest('hex');
    const erased = user.status === 'erased';
    const same = {
      ...(row === undefined ? { account: false } : sameAccount(row, user)),
      address: String(macs) === (erased ? '' : `current ${mac}`),
      key: erased ? keyOf(user.userId) === 'erased' : Buffer.isBuffer(keyOf(user.userId)),
      registration_key: !Buffer.isBuffer(keyOf(user.registrationId)),
      finished: user.finished === erased,
    };
    return namesOfFaults(same).map((name) => `account ${user.userId}: ${name}`);
  });
  return [
    ...faults,
    ...[...accounts.keys()].map((id) => `account ${id}: without a user`),
    ...(await faultsOfSessions(vault, expected, events)),
    ...(await leftOvers(vault)),
  ];
};

/** An erased account stands at the event that began its erasure, or at the one that ended it. */
const sameAccount = (row: AccountRow, user: ExpectedUser): Record<string, boolean> => {
  const erased = user.status === 'erased';
  const [revision, epoch, from] = [BigInt(row.revision), BigInt(row.epoch), BigInt(row.sessions_from)];
  const cutAt = (value: bigint, cut: bigint) => (erased ? value >= cut && value <= user.revision : value === cut);
  return {
    registration_id: row.registration_id === user.registrationId,
    status: row.status === user.status,
    roles: String(row.roles) === String(user.roles),
    revision: cutAt(revision, erased ? user.epoch : user.revision),
    epoch: cutAt(epoch, user.epoch),
    sessions_from: cutAt(from, user.sessionsFrom),
  };
};

/** A session has begun, has not ended, and is no older than the last event that ended its user's. */
const faultsOfSessions = async (
  vault: Client,
  expected: readonly ExpectedUser[],
  events: readonly Logged[],
): Promise<string[]> => {
  const users = new Map(expected.map((user) => [user.userId, user]));
  const idsOf = (type: string) =>
    new Set(events.filter((event) => event.type === type).map(({ data }) => data.sessionId));
  const [started, ended] = [idsOf('SessionStarted'), idsOf('SessionEnded')];
  const { rows } = await vault.query<{ id: string; user_id: string; epoch: string }>('select * from session');
  return rows.flatMap(({ id, user_id: userId, epoch }) => {
    const user = users.get(userId);
    const same = {
      started: started.has(id),
      ended: !ended.has(id),
      user: user?.status === 'active',
      epoch: user !== undefined && BigInt(epoch) >= user.sessionsFrom && BigInt(epoch) <= user.revision,
    };
    return namesOfFaults(same).map((name) => `session ${id}: ${name}`);
  });
};

/** Work that must not stay undone. */
const leftOvers = async (vault: Client): Promise<string[]> => {
  const { rows } = await vault.query<{ what: string }>(
    `select 'erasure ' || user_id || ': unfinished' as what from erasure
     union all select 'farewell ' || id || ': unsent' from farewell`,
  );
  return rows.map(({ what }) => what);
};
