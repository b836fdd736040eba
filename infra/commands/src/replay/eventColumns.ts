import type { AuditEventBody } from '@ums/contracts/http/auditEvents';
import { type Columns, member } from './recordFormat.js';

const position = member<AuditEventBody>('position', 20);
const at = member<AuditEventBody>('at', 24);
const type = member<AuditEventBody>('type', 26);
const userId = member<AuditEventBody>('userId', 36);
const actorKind = { name: 'actorKind', width: 9, value: ({ actor }: AuditEventBody) => actor.kind };
const actorId = { name: 'actorId', width: 36, value: ({ actor }: AuditEventBody) => actor.id };
const correlationId = member<AuditEventBody>('correlationId', 36);
const grantId = member<AuditEventBody>('grantId', 36);

/** In CSV those of the feed. */
export const EVENT_COLUMNS: Columns<AuditEventBody> = {
  csv: [position, member('id'), userId, type, actorKind, actorId, at, correlationId, grantId],
  table: [position, at, type, userId, actorKind, actorId, correlationId],
};
