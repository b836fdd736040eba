import type { GrantBody, GrantSummary } from '@ums/contracts/http/grant';
import { isErased } from '@ums/contracts/personal';
import { type AccessGrant, grantEnd } from '@ums/contracts/reducers/accessGrant';
import type { ReadGrant } from './readGrant.js';

/** A grant as everyone who audits may see it. */
export const grantSummary = (id: string, { grant, now }: ReadGrant): GrantSummary => {
  const { userId, minutes, askedBy, askedAt, decision } = grant;
  return {
    id,
    state: now.state,
    ...{ userId, minutes, askedBy, askedAt },
    decidedBy: decision?.by ?? null,
    decidedAt: decision?.at ?? null,
    endsAt: grantEnd(grant)?.toISOString() ?? null,
    endedAt: now.ended?.at ?? null,
    endReason: now.ended?.why ?? null,
  };
};

/** A grant as a reader may see it. */
export const grantBody = (id: string, read: ReadGrant, readerId: string): GrantBody => {
  const { purpose } = read.grant;
  const shown = isErased(purpose) || !seesPurpose(read.grant, readerId) ? null : purpose;
  return { ...grantSummary(id, read), purpose: shown };
};

/** Before the decision everyone who may decide needs it. The user it concerns never sees it: they may be investigated. */
const seesPurpose = ({ userId, askedBy, decision }: AccessGrant, readerId: string): boolean =>
  readerId !== userId && (decision === undefined || readerId === askedBy || readerId === decision.by);
