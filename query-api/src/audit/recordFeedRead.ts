import { isUuid } from '@ums/contracts/uuid';
import type { RecordRead } from '@ums/identity/access/recordRead';
import { principalOf } from '@ums/identity/principal';
import { contextOf } from '@ums/kit/http/request/requestContext';
import type { Request } from 'express';
import type { AuditFilter } from './auditFilter.js';

/**
 * Puts a read of the feed on record: with the user whose events are asked for, and with the one whose actions are. A read about
 * nobody in particular is recorded with the reader.
 *
 * @throws as `recordRead`
 */
export const recordFeedRead = async (
  { recordRead }: { recordRead: RecordRead },
  request: Request,
  { values: { user_id: user, actor_id: actor } }: AuditFilter,
): Promise<void> => {
  const [reader, origin] = [principalOf(request), contextOf(request)];
  // The name of a service is no id.
  const concerned = new Set([user, actor].filter(isUuid));
  const subjects = concerned.size === 0 ? [null] : [...concerned];
  await Promise.all(subjects.map((userId) => recordRead({ reader, userId, asked: 'feed', grantId: null, origin })));
};
