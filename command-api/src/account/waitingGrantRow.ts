import { WAITING_GRANT_MS } from '@ums/contracts/events/grant';
import { inBatches } from '@ums/kit/postgres/inBatches';
import type { Transaction } from '@ums/kit/postgres/transaction';

/** A place among the grants of one asker that may wait for a decision. */
export interface WaitingGrantRow {
  grantId: string;
  askedBy: string;
  askedAt: Date;
}

/** At most as many as may wait, in no order. */
export const waitingGrantsOf = async (tx: Transaction, askedBy: string): Promise<WaitingGrantRow[]> => {
  const { rows } = await tx.query<WaitingGrantRow>({
    name: 'find-waiting-grants',
    text: `select grant_id as "grantId", asked_by as "askedBy", asked_at as "askedAt" from waiting_grant
           where asked_by = $1`,
    values: [askedBy],
  });
  return rows;
};

export const addWaitingGrant = (tx: Transaction, { grantId, askedBy, askedAt }: WaitingGrantRow) =>
  tx.query({
    name: 'add-waiting-grant',
    text: 'insert into waiting_grant (grant_id, asked_by, asked_at) values ($1, $2, $3)',
    values: [grantId, askedBy, askedAt],
  });

/** Leaves locked rows: the transaction that has locked them deletes them. */
export const deleteWaitingGrants = (vault: Transaction, grantIds: readonly string[]) =>
  vault.query({
    name: 'delete-waiting-grants',
    text: `delete from waiting_grant where grant_id in (
             select grant_id from waiting_grant where grant_id = any($1::uuid[]) for update skip locked)`,
    values: [grantIds],
  });

export const deleteWaitingGrantsOf = (tx: Transaction, askedBy: string) =>
  tx.query({
    name: 'delete-waiting-grants-of-user',
    text: 'delete from waiting_grant where asked_by = $1',
    values: [askedBy],
  });

/** Deletes the places of grants that have ended by their time. Locked rows are left to a later sweep. */
export const sweepWaitingGrants = (vault: Transaction, now: Date): Promise<void> =>
  inBatches((limit) =>
    vault.query({
      name: 'sweep-waiting-grants',
      text: `delete from waiting_grant where grant_id = any(array(
               select grant_id from waiting_grant where asked_at <= $1 order by asked_at limit $2 for update skip locked))`,
      values: [new Date(now.getTime() - WAITING_GRANT_MS), limit],
    }),
  );
