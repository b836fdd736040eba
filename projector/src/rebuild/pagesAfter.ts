import type { RecordedEvent } from '@ums/contracts/events/event';
import type { Checkpoint } from '@ums/kit/event-log/checkpoint';
import type { EventLog } from '@ums/kit/event-log/eventLog';

/**
 * Reads the log after a checkpoint up to its end, in pages of a size. The next page is read while the caller handles one.
 * @throws LogUnavailable
 */
export async function* pagesAfter(
  eventLog: Pick<EventLog, 'readAll'>,
  { position }: Pick<Checkpoint, 'position'>,
  size: number,
): AsyncGenerator<RecordedEvent[]> {
  const read = (after: bigint | undefined) => {
    const page = eventLog.readAll(after, size);
    // A failure is thrown where the page is awaited. Until then it must not count as unhandled.
    page.catch(() => undefined);
    return page;
  };
  let reading: ReturnType<typeof read> | undefined = read(position < 0n ? undefined : position);
  while (reading !== undefined) {
    const page: RecordedEvent[] = await reading;
    reading = page.length === size ? read(page.at(-1)?.position) : undefined;
    if (page.length > 0) yield page;
  }
}
