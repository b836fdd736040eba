import type { AuditEventBody } from '@ums/contracts/http/auditEvents';
import { csvLine } from './csvLine.js';

/** A form in which all events of a range are sent, one line each. */
export interface EventFormat {
  contentType: string;
  /** Sent before the first event. */
  head: string;
  line(event: AuditEventBody): string;
  /** Suggested name of a file. */
  file?: string;
}

const COLUMNS: readonly (readonly [string, (event: AuditEventBody) => string | null])[] = [
  ['position', ({ position }) => position],
  ['id', ({ id }) => id],
  ['userId', ({ userId }) => userId],
  ['type', ({ type }) => type],
  ['actorKind', ({ actor }) => actor.kind],
  ['actorId', ({ actor }) => actor.id],
  ['at', ({ at }) => at],
  ['correlationId', ({ correlationId }) => correlationId],
  ['grantId', ({ grantId }) => grantId],
];

/** By media type. */
export const EVENT_FORMATS = {
  'application/x-ndjson': {
    contentType: 'application/x-ndjson',
    head: '',
    line: (event) => `${JSON.stringify(event)}\n`,
  },
  'text/csv': {
    contentType: 'text/csv; charset=utf-8; header=present',
    head: csvLine(COLUMNS.map(([name]) => name)),
    line: (event) => csvLine(COLUMNS.map(([, value]) => value(event) ?? '')),
    file: 'events.csv',
  },
} as const satisfies Readonly<Record<string, EventFormat>>;
