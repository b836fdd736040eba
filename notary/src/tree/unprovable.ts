import type { RecordedEvent } from '@ums/contracts/events/event';

/**
 * The log holds an event that has no leaf: it was written past this service, with text that no canonical JSON has. It cannot be
 * left out either, because then the tree would prove that it does not exist. So an operator must look.
 */
export class Unprovable extends Error {
  override readonly name = 'Unprovable';
  readonly printable = true;

  /** @param reason of the leaf encoding, which quotes no value. */
  constructor(
    readonly event: Pick<RecordedEvent, 'id' | 'stream' | 'revision' | 'type' | 'position'>,
    reason: string,
  ) {
    super(`The event at position ${event.position} of the log has no leaf: ${reason}.`);
  }
}
