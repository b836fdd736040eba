import type { RecordedEvent } from '@ums/contracts/events/event';
import type { Projection } from '../projection/projection.js';

/** The keys of a folded projection that events up to a position (inclusive) end. */
export const erasedBy = (
  projection: Exclude<Projection, { row: unknown }>,
  events: readonly RecordedEvent[],
  upTo: bigint,
): string[] =>
  events.flatMap((event) => {
    const key = event.position <= upTo && projection.ends(event) ? projection.key(event) : undefined;
    return key === undefined ? [] : [key];
  });
