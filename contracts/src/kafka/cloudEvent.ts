import { isUuid } from '../uuid.js';
import type { Topic } from './topics.js';

/** A record as a Kafka producer takes it, key, value and headers being UTF-8 text. A value of `null` is a tombstone. */
export interface BrokerRecord {
  topic: Topic;
  key: string;
  value: string | null;
  headers: Readonly<Record<string, string>>;
}

/** The attributes of a CloudEvent that this service sets, those with a value of every record. */
export interface Attributes {
  /** Id of the event. A repeat has the same one. */
  id: string;
  /** Name and version of the message, such as `users.registered.v1`. */
  type: string;
  source: string;
  /** The user or other subject of the stream. */
  subject: string;
  /** RFC 3339; absent if the event has no valid time. */
  time: string | undefined;
  revision: bigint;
  position: bigint;
  /** Left out unless it is a UUID: no other text that a client may have sent leaves this service. */
  correlationId: string | undefined;
}

export const SPEC_VERSION = '1.0';
export const CONTENT_TYPE = 'application/json';

/**
 * Headers of the binary content mode of the CloudEvents 1.0 Kafka binding, §3.2: attributes are prefixed with `ce_`, and
 * `content-type` is the media type of the value. A record without value is an event without data, and so without media type.
 *
 * Revision and position are extension attributes in decimal digits: integers of CloudEvents have 32 bits only.
 */
export const cloudEventHeaders = (attributes: Attributes, hasData: boolean): Record<string, string> => ({
  ce_specversion: SPEC_VERSION,
  ce_id: attributes.id,
  ce_type: attributes.type,
  ce_source: attributes.source,
  ce_subject: attributes.subject,
  ...(attributes.time === undefined ? {} : { ce_time: attributes.time }),
  ce_revision: String(attributes.revision),
  ce_position: String(attributes.position),
  ...(isUuid(attributes.correlationId) ? { ce_correlationid: attributes.correlationId } : {}),
  ...(hasData ? { 'content-type': CONTENT_TYPE } : {}),
});
