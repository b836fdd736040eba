import type { Transaction } from '@ums/kit/postgres/transaction';

/** An address that is reserved for a user until the event that gives it to them is settled. */
export interface AddressClaim {
  mac: Buffer;
  userId: string;
  /** The change that gives the user the address, or whose undoing gives it back. */
  changeId: string;
  undoes: boolean;
}

/**
 * Claims an address, or renews the claim; see `claim_address` in the migrations.
 *
 * @returns `taken` when another user has the address, `ended` when the user is erased.
 */
export const claimAddress = async (
  vault: Transaction,
  { mac, userId, changeId, undoes }: AddressClaim,
): Promise<'claimed' | 'taken' | 'ended'> => {
  const { rows } = await vault.query<{ outcome: 'claimed' | 'taken' | 'ended' }>({
    name: 'claim-address',
    text: 'select claim_address($1, $2, $3, $4) as outcome',
    values: [mac, userId, changeId, undoes],
  });
  return rows[0]?.outcome ?? 'ended';
};

export interface TakenClaim extends AddressClaim {
  /** Changes when the claim is renewed. */
  claim: string;
}

/**
 * Takes over claims that no event has settled, the oldest first, and renews them. A younger claim is left to the confirmation
 * that made it. Uses the database's time, as for any lease.
 */
export const takeAddressClaims = async (
  tx: Transaction,
  { limit, claimAgeMs }: { limit: number; claimAgeMs: number },
): Promise<TakenClaim[]> => {
  const { rows } = await tx.query<TakenClaim>({
    name: 'take-address-claims',
    text: `with due as (
             select mac from address where state = 'claimed' and claimed_at <= now() - $2 * interval '1 ms'
             order by claimed_at limit $1 for no key update skip locked)
           update address set claimed_at = now(), claim = gen_random_uuid() from due where address.mac = due.mac
           returning address.mac, user_id as "userId", change_id as "changeId", undoes, claim`,
    values: [limit, claimAgeMs],
  });
  return rows;
};

/** Ends a claim, unless it was renewed or settled since it was taken over. @returns whether it did. */
export const deleteAddressClaim = async (tx: Transaction, { mac, claim }: TakenClaim): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'delete-address-claim',
    text: 'delete from address where mac = $1 and claim = $2',
    values: [mac, claim],
  });
  return rowCount === 1;
};
