import type { AccessKind } from '@ums/contracts/events/access';
import type { Principal } from '@ums/identity/principal';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import type { RequestOrigin } from '@ums/kit/facts/cause';

/** A read of what another person's history holds. */
export interface ReadOfOther {
  reader: Principal;
  userId: string;
  asked: AccessKind;
  /** The grant under which personal values are shown; `null` when they are masked. */
  grantId: string | null;
  origin: RequestOrigin;
}

/** Whether a grant is open for this reader and this user. */
export type GrantCheck = (asked: { grantId: string; readerId: string; userId: string }) => Promise<boolean>;

/** What a read of another person's history needs besides the history. */
export interface ReadOfOtherDeps {
  /** Resolves once the read is on record. Without one, nobody reads another person's history. */
  recordRead?: ((read: ReadOfOther) => Promise<void>) | undefined;
  /** Without one, no grant is open. */
  openGrant?: GrantCheck | undefined;
}

/** The grant that a request names, if it is open for this reader and this user; otherwise `null`. */
export const grantInForce = async (
  { openGrant }: ReadOfOtherDeps,
  { reader, userId, grantId }: { reader: Principal; userId: string; grantId: string | undefined },
): Promise<string | null> => {
  if (grantId === undefined || openGrant === undefined) return null;
  return (await openGrant({ grantId, readerId: reader.userId, userId })) ? grantId : null;
};

/**
 * Puts a read on record, before its answer is sent.
 *
 * @throws DependencyUnavailable, LogUnavailable when it cannot be recorded: then the reader gets nothing.
 */
export const recorded = async ({ recordRead }: ReadOfOtherDeps, read: ReadOfOther): Promise<void> => {
  if (recordRead === undefined) throw new DependencyUnavailable('record of reads');
  await recordRead(read);
};
