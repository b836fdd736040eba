import { readSealedGrant } from '@ums/identity/grant/readGrant';
import { readingOnce } from '@ums/identity/grant/readingOnce';
import { withTransaction } from '@ums/kit/postgres/transaction';
import { Refused } from '@ums/kit/refused';
import { lockAccount } from '../account/accountRow.js';
import type { FactDeps } from '../account/factDeps.js';
import {
  addWaitingGrant,
  deleteWaitingGrants,
  type WaitingGrantRow,
  waitingGrantsOf,
} from '../account/waitingGrantRow.js';

/** So many grants of one asker wait for a decision at a time. */
export const MOST_WAITING_GRANTS = 20;

/** Longer than any request takes: the grant of a place that is younger may still be on its way to the log. */
const UNDER_WAY_MS = 60_000;

const DETAIL = `${MOST_WAITING_GRANTS} of your requests wait for a decision.`;

/**
 * Takes a place for a grant among those of its asker that may wait for a decision. Exact for all processes together, under the
 * lock of the asker's account. A repeat keeps the place that it has.
 *
 * No command gives a place back. A request that finds all places taken reads their grants in the log, and deletes the places of
 * those that no longer wait. So a place that a crash has left is free after a minute, and no other command knows of places.
 *
 * @throws Refused `grants-waiting` when as many wait as may, `unauthenticated` for an asker who was erased; LogUnavailable, and
 * errors of the vault.
 */
export const takeWaitingPlace = async (
  deps: FactDeps,
  grant: Pick<WaitingGrantRow, 'grantId' | 'askedBy'>,
): Promise<void> => {
  for (let taken = await placesTaken(deps, grant); taken !== undefined; taken = await placesTaken(deps, grant)) {
    const free = await freeAgain(deps, taken);
    if (free.length === 0) throw new Refused('grants-waiting', { members: { detail: DETAIL } });
    await deleteWaitingGrants(deps.vault, free);
  }
};

/** Takes a place. @returns the places, if all are taken. */
const placesTaken = (
  { vault, clock }: FactDeps,
  { grantId, askedBy }: Pick<WaitingGrantRow, 'grantId' | 'askedBy'>,
): Promise<WaitingGrantRow[] | undefined> =>
  withTransaction(vault, async (tx) => {
    const account = await lockAccount(tx, askedBy);
    if (account === undefined || account.status === 'erased') throw new Refused('unauthenticated');
    const rows = await waitingGrantsOf(tx, askedBy);
    if (rows.some((row) => row.grantId === grantId)) return undefined;
    if (rows.length >= MOST_WAITING_GRANTS) return rows;
    await addWaitingGrant(tx, { grantId, askedBy, askedAt: clock.now() });
    return undefined;
  });

/** The ids of the grants that do not wait: decided, ended, or never asked for. */
const freeAgain = async (deps: FactDeps, rows: readonly WaitingGrantRow[]): Promise<string[]> => {
  const reading = { clock: deps.clock, eventLog: readingOnce(deps.eventLog) };
  const underWayFrom = deps.clock.now().getTime() - UNDER_WAY_MS;
  const found = await Promise.all(
    rows.map(async ({ grantId, askedAt }) => {
      const read = await readSealedGrant(reading, grantId);
      const waits = read === undefined ? askedAt.getTime() > underWayFrom : read.now.state === 'asked';
      return waits ? [] : [grantId];
    }),
  );
  return found.flat();
};
