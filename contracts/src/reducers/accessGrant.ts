import type { Fact } from '../events/event.js';
import { type GrantEndReason, type GrantEvent, WAITING_GRANT_MS } from '../events/grant.js';
import type { Personal } from '../personal.js';

/** A grant as its stream alone tells it. Time, erasure and lost roles end it without an event; see `grantState`. */
export interface AccessGrant {
  /** The auditor or administrator who asked. */
  askedBy: string;
  askedAt: string;
  /** Position of the request in the log. */
  askedPosition: bigint;
  /** The user it concerns. */
  userId: string;
  minutes: number;
  purpose: Personal;
  /** The decision of another auditor or administrator; `undefined` before it. */
  decision: GrantDecision | undefined;
  /** How it was ended by a person; `undefined` unless it was. */
  ended: { at: string; by: string; reason: GrantEndReason } | undefined;
}

export interface GrantDecision {
  approved: boolean;
  by: string;
  at: string;
}

/** Folds one fact of `grant-<id>`. A fact that does not apply leaves the state unchanged; no fact throws. */
export const accessGrant = (grant: AccessGrant | undefined, fact: Fact<GrantEvent>): AccessGrant | undefined => {
  const { at, actor } = fact.metadata;
  const by = actor.id ?? '';
  if (fact.type === 'AccessRequested') return grant ?? requested(fact);
  if (grant === undefined || grant.ended !== undefined) return grant;
  switch (fact.type) {
    case 'AccessApproved':
    case 'AccessRefused': {
      const decision = { approved: fact.type === 'AccessApproved', by, at };
      return { ...grant, decision: grant.decision ?? decision };
    }
    case 'AccessEnded':
      return { ...grant, ended: { at, by, reason: fact.data.reason } };
    default:
      fact satisfies never;
      return grant;
  }
};

const requested = ({
  data,
  metadata,
  position,
}: Extract<Fact<GrantEvent>, { type: 'AccessRequested' }>): AccessGrant => ({
  ...data,
  ...{ askedBy: metadata.actor.id ?? '', askedAt: metadata.at, askedPosition: position },
  ...{ decision: undefined, ended: undefined },
});

const MINUTE_MS = 60_000;

/** When a grant ends by time: before the decision, after it was approved; `undefined` once it was refused. */
export const grantEnd = ({
  decision,
  minutes,
  askedAt,
}: Pick<AccessGrant, 'decision' | 'minutes' | 'askedAt'>): Date | undefined => {
  if (decision === undefined) return new Date(Date.parse(askedAt) + WAITING_GRANT_MS);
  return decision.approved ? new Date(Date.parse(decision.at) + minutes * MINUTE_MS) : undefined;
};
