import type { RequestLimit } from '@ums/identity/limits/requestLimit';
import type { Principal } from '@ums/identity/principal';

/** All of these reads count together: who is refused one of them must not go on with another. */
const AUDITS = 'audits';

/**
 * Counts a request to a route of auditors against the limit of its reader, before its parameters are validated and anything is
 * read (G-09). The reader counts, not the source: a token that was copied reads no more from many places.
 *
 * @param roles of the route; other routes do not count.
 * @throws Refused `too-many-attempts`; DependencyUnavailable
 */
export const countAudit = async (
  { auditLimit }: { auditLimit: Pick<RequestLimit, 'count'> },
  { userId }: Pick<Principal, 'userId'>,
  roles: readonly string[],
): Promise<void> => {
  if (roles.includes('auditor')) await auditLimit.count(AUDITS, userId);
};
