import type { Transaction } from '@ums/kit/postgres/transaction';
import type { WrappedKey } from '@ums/kit/sealing/masterKeys';
import type { AccountRow } from './accountRow.js';

export interface RegistrationRow {
  id: string;
  addressMac: Buffer;
  expiresAt: Date;
  completed: boolean;
}

interface Row {
  id: string;
  address_mac: Buffer;
  expires_at: Date;
  completed_at: Date | null;
}

const COLUMNS = 'id, address_mac, expires_at, completed_at';

const toRegistration = (row: Row): RegistrationRow => ({
  id: row.id,
  addressMac: row.address_mac,
  expiresAt: row.expires_at,
  completed: row.completed_at !== null,
});

export interface NewRegistration {
  id: string;
  addressMac: Buffer;
  expiresAt: Date;
  /** Whether the notifier may send mail for it. */
  mail: boolean;
  key: WrappedKey;
}

/** Inserts row and key in one statement, so that neither exists without the other. */
export const addRegistration = (tx: Transaction, { id, addressMac, expiresAt, mail, key }: NewRegistration) =>
  tx.query({
    name: 'insert-registration',
    text: `with key as (insert into data_key (subject, wrapped, master_key_id) values ($1, $5, $6))
           insert into registration (id, address_mac, expires_at, mail) values ($1, $2, $3, $4)`,
    values: [id, addressMac, expiresAt, mail, key.wrapped, key.masterKeyId],
  });

export interface RegistrationWithOwner extends RegistrationRow {
  /** The account that has the address now, by the registration it came from. */
  owner: { registrationId: string; status: AccountRow['status'] } | undefined;
}

interface RowWithOwner extends Row {
  owner: string | null;
  status: AccountRow['status'];
}

/** A registration that has not expired, completed or not. */
export const findRegistration = async (
  tx: Transaction,
  id: string,
  now: Date,
): Promise<RegistrationWithOwner | undefined> => {
  const { rows } = await tx.query<RowWithOwner>({
    name: 'find-registration',
    text: `select ${COLUMNS}, account.registration_id as owner, status
           from registration
             left join address on mac = address_mac and state = 'current'
             left join account using (user_id)
           where id = $1 and expires_at > $2`,
    values: [id, now],
  });
  const [row] = rows;
  if (row === undefined) return undefined;
  const { owner, status } = row;
  return { ...toRegistration(row), owner: owner === null ? undefined : { registrationId: owner, status } };
};

/** A registration that has not expired, with its row locked until the transaction ends. */
export const lockRegistration = async (
  tx: Transaction,
  id: string,
  now: Date,
): Promise<RegistrationRow | undefined> => {
  const { rows } = await tx.query<Row>({
    name: 'lock-registration',
    text: `select ${COLUMNS} from registration where id = $1 and expires_at > $2 for update`,
    values: [id, now],
  });
  return rows[0] && toRegistration(rows[0]);
};
