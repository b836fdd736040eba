import { printable } from '../input/printable.js';
import type { PlacedEvent } from './readRecord.js';

/** How messages name an event. Its stream is a category and an id, so the name tells nothing of the person. */
export const describeEvent = ({ index, position, event }: PlacedEvent): string =>
  `Event ${event.id} at position ${position} (leaf ${index}, ${printable(event.stream)} revision ${event.revision})`;
