import type { Role } from '@ums/contracts/roles';
import type { Principal } from '@ums/identity/principal';
import { Refused } from '@ums/kit/refused';
import type { FactDeps } from '../account/factDeps.js';
import { findLiveSession } from '../account/sessionRow.js';

declare const confirmed: unique symbol;
declare const confirmedRole: unique symbol;

/**
 * A caller whose session, account status and token epoch the vault has confirmed. Only {@link liveCaller} makes one, so a
 * use case that takes this type cannot run without the check.
 */
export type LiveCaller = Principal & { readonly sessionEpoch: bigint; readonly [confirmed]: true };

/** A live caller whose account holds one of the roles now. The roles in the access token may be older. */
export type LiveCallerWith<R extends Role> = LiveCaller & { readonly [confirmedRole]: R };

/**
 * Confirms in the vault, with one query, that the session is alive, the account active, the token not revoked and one of the
 * roles, if any is named, still held (T-08). The access token alone proves none of these. Every command calls it before it
 * decides, and after any hashing, which takes long enough for the session to end.
 *
 * @throws Refused `unauthenticated`, `forbidden`.
 */
export function liveCaller(deps: LiveCallerDeps, principal: Principal): Promise<LiveCaller>;
export function liveCaller<R extends Role>(
  deps: LiveCallerDeps,
  principal: Principal,
  ...roles: readonly [R, ...R[]]
): Promise<LiveCallerWith<R>>;
export async function liveCaller(
  { vault, clock }: LiveCallerDeps,
  principal: Principal,
  ...roles: readonly Role[]
): Promise<LiveCaller> {
  const session = await findLiveSession(vault, principal.sessionId, clock.now());
  if (session === undefined || session.userId !== principal.userId || session.epoch > principal.epoch)
    throw new Refused('unauthenticated');
  if (roles.length > 0 && !roles.some((role) => session.roles.includes(role))) throw new Refused('forbidden');
  return { ...principal, sessionEpoch: session.sessionEpoch } as LiveCaller;
}

export type LiveCallerDeps = Pick<FactDeps, 'vault' | 'clock'>;
