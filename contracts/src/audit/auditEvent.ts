/** The projection that lists all events of this service. Reads of them wait for its checkpoint. */
export const AUDIT_EVENT_PROJECTION = 'audit_event_v1';

/**
 * The lengths, in minutes, of the spans that the read model keeps the first and the last position of: a time in minutes since
 * 1970, divided by the length, is the number of its span. Each length is a multiple of the one before.
 */
export const AUDIT_SPAN_MINUTES = [1, 60, 1_440, 46_080] as const;
