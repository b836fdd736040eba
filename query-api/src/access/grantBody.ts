import type { GrantBody } from '@ums/contracts/http/grant';
import { isErased } from '@ums/contracts/personal';
import { type AccessGrant, grantEnd } from '@ums/contracts/reducers/accessGrant';
import type { ReadGrant } from './readGrant.js';

/** A grant as a reader may see it. */
export const grantBody = (id: string, { grant, now }: ReadGrant, readerId: string): GrantBody => {
  const { userId, minutes, askedBy, askedAt, decision } = grant;
  return {
    id,
    state: now.state,
    ...{ userId, minutes, askedBy, askedAt },
    purpose: isErased(grant.purpose) || !seesPurpose(grant, readerId) ? null : grant.purpose,
    decidedBy: decision?.by ?? null,
    decidedAt: decision?.at ?? null,
    endsAt: grantEnd(grant)?.toISOString() ?? null,
    endedAt: now.ended?.at ?? null,
    endReason: now.ended?.why ?? null,
  };
};

/** Before the decision everyone who may decide needs it. The user it concerns never sees it: they may be investigated. */
const seesPurpose = ({ userId, askedBy, decision }: AccessGrant, readerId: string): boolean =>
  readerId !== userId && (decision === undefined || readerId === askedBy || readerId === decision.by);
