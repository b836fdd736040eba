import type { Fact } from '../events/event.js';
import type { GrantEndReason } from '../events/grant.js';
import type { UserEvent } from '../events/user.js';
import { type AccessGrant, grantEnd } from './accessGrant.js';
import { auditLostAt } from './auditLostAt.js';

/** Why a grant ended: by a person, or by itself. */
export type GrantEnd = GrantEndReason | 'time' | 'user-erased' | 'asker-not-authorized';

/** `asked`: neither decided nor ended. `open`: approved, and not ended. */
export type GrantState =
  | { state: 'asked' | 'open' | 'refused'; ended?: never }
  | { state: 'ended'; ended: { at: string; why: GrantEnd } };

/** What the state of a grant follows from. */
export interface GrantFacts {
  grant: AccessGrant;
  /** All facts of the user who asked. Their personal fields are not read. */
  asker: readonly Fact<UserEvent>[];
  /** All facts of the user whom the grant concerns, likewise. */
  user: readonly Fact<UserEvent>[];
}

/**
 * The state of a grant. It ends by what comes first: a person ends it, its time is up, the user's erasure starts, or the one
 * who asked is suspended or erased or loses the roles to audit. What they regain later opens it no more. A decision that is in
 * the log counts, also one of a time when waiting grants did not end.
 *
 * An end that is in the log counts whatever its time: the clock of the process that wrote it may be ahead of this one.
 */
export const grantState = ({ grant, asker, user }: GrantFacts, now: Date): GrantState => {
  if (grant.decision?.approved === false) return { state: 'refused' };
  const [ended] = endsOf({ grant, asker, user }, now).sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  if (ended !== undefined) return { state: 'ended', ended };
  return { state: grant.decision === undefined ? 'asked' : 'open' };
};

const endsOf = ({ grant, asker, user }: GrantFacts, now: Date): { at: string; why: GrantEnd }[] => {
  const erased = user.find(({ type }) => type === 'UserErasureStarted')?.metadata.at;
  const lost = auditLostAt(asker, grant.askedPosition);
  // One that a person ended has waited until then, also in a log from before waiting grants ended by time.
  const end = grant.decision === undefined && grant.ended !== undefined ? undefined : grantEnd(grant);
  return [
    ...(grant.ended === undefined ? [] : [{ at: grant.ended.at, why: grant.ended.reason }]),
    ...(erased === undefined ? [] : [{ at: erased, why: 'user-erased' as const }]),
    ...(lost === undefined ? [] : [{ at: lost, why: 'asker-not-authorized' as const }]),
    ...(end === undefined || end > now ? [] : [{ at: end.toISOString(), why: 'time' as const }]),
  ];
};
