import { KeyObject } from 'node:crypto';
import type { RecordedEvent } from '@ums/contracts/events/event';
import { type Source, sourceSubject } from '@ums/contracts/metadata';
import { readMetadata } from '@ums/contracts/stored/readMetadata';
import { subjectOf } from '@ums/contracts/streams';
import { ipBucket } from '@ums/kit/http/request/ipBucket';
import type { DataKeys } from '@ums/kit/sealing/dataKeys';
import { SealBroken } from '@ums/kit/sealing/sealBroken';
import { openWith } from '@ums/kit/sealing/sealing';

const UNKNOWN = 'unknown';

/**
 * The source that an upload came from, as limits count it: an IPv4 address or an IPv6 /64 network. All whose source is not
 * known are one sender: the event has none, its user is erased, or the key or the seal is damaged.
 *
 * @throws DependencyUnavailable
 */
export const uploadSender = async (keys: DataKeys, recorded: RecordedEvent): Promise<string> => {
  const { actor, source } = readMetadata(recorded);
  const subject = sourceSubject(actor, subjectOf(recorded.stream, recorded.data));
  if (source === undefined || subject === undefined) return UNKNOWN;
  const place = { subject, storedType: recorded.type, eventId: recorded.id, field: 'metadata.source' };
  try {
    // Not cached: the key of an erased user must not stay in memory.
    const key = (await keys.fresh([subject])).get(subject);
    if (!(key instanceof KeyObject)) return UNKNOWN;
    const { ip } = JSON.parse(openWith(key, place, source)) as Source;
    return ipBucket(ip);
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    return UNKNOWN;
  }
};
