import type { RecordedEvent } from '@ums/contracts/events/event';
import type { LogAddress } from './logClient.js';
import { reads } from './reads.js';

export interface CatchUpOptions {
  address: LogAddress;
  /** A page that receives nothing for this long fails; in ms. */
  readSilenceMs: number;
}

/** A part of the log, read on a connection of its own. */
export interface CatchUp {
  /** Fails when a page cannot be read. */
  pages: AsyncGenerator<RecordedEvent[]>;
  /** Ends a read in progress, with an error. Never rejects. */
  close(): Promise<void>;
}

/**
 * Events read at once: a subscription of this client yields too few at a time (P9). Larger pages live so long that V8 moves
 * them to the old generation.
 */
const PAGE_SIZE = 500;

/** The events after a position (exclusive), page by page up to the head. */
export const catchUp = ({ address, readSilenceMs }: CatchUpOptions, after: bigint | undefined): CatchUp => {
  const opened = address.open();
  const { client } = opened;
  const { credentials } = address;
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= opened.close());
  const fixedClient = { current: () => client, replace: () => undefined, close };
  const { readAll } = reads({ client: fixedClient, credentials, silenceMs: readSilenceMs });

  async function* pages(): AsyncGenerator<RecordedEvent[]> {
    let nextPage: Promise<RecordedEvent[]> | undefined = readAll(after, PAGE_SIZE);
    while (nextPage !== undefined) {
      const page: RecordedEvent[] = await nextPage;
      // The reader handles this page while the next one is read.
      const hasMore = page.length === PAGE_SIZE && closing === undefined;
      nextPage = hasMore ? readAll(page.at(-1)?.position, PAGE_SIZE) : undefined;
      // A failure is thrown where the page is awaited. Until then, or if the reader leaves first, it must not count as unhandled.
      nextPage?.catch(() => undefined);
      yield page;
    }
  }
  return { pages: pages(), close };
};
