import type { RecordedEvent } from '@ums/contracts/events/event';
import { isProvable, leafHash, provedEvent } from '@ums/contracts/proof/leaf';
import {
  type ExpiredEvent,
  LOG_EXPORT_FORMAT,
  type LogExportHeader,
  type LogExportLine,
} from '@ums/contracts/proof/logExport';
import { subtreeHash, type TileReader, tileOf } from '@ums/contracts/tree/tile';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { StartRefused } from '@ums/kit/startRefused';
import type pg from 'pg';
import { lastCheckpoint } from '../checkpoint/signedCheckpoints.js';
import { leafIndexes, tileReader } from '../tree/treeStore.js';

export interface ExportDeps {
  eventLog: Pick<EventLog, 'readAll'>;
  pool: pg.Pool;
}

const PAGE_EVENTS = 500;

/**
 * The export of the log that the last signed checkpoint covers, line by line, in the order of the tree. The hashes of leaves
 * are those that the tree stores: of an event that was changed in the log since, another than its own.
 *
 * @param onChanged called for each event that is not what its leaf was made of.
 * @throws StartRefused when nothing is signed yet; TileMissing; LogUnavailable; errors of Postgres.
 */
export async function* exportedLines(
  deps: ExportDeps,
  onChanged: (event: RecordedEvent) => void = () => undefined,
): AsyncGenerator<LogExportHeader | LogExportLine> {
  const checkpoint = await lastCheckpoint(deps.pool);
  if (checkpoint === undefined) throw new StartRefused('The notary has signed nothing yet.');
  yield { format: LOG_EXPORT_FORMAT, checkpoint: checkpoint.note };
  const { size } = checkpoint;
  const leafAt = storedLeaves(tileReader(deps.pool));
  let next = 0;
  for await (const page of pages(deps.eventLog)) {
    const indexes = await leafIndexes(
      deps.pool,
      page.map(({ id }) => id),
    );
    for (const event of page) {
      // An id that repeats in another stream has the index of its first leaf.
      const index = Math.max(indexes.get(event.id) ?? next, next);
      if (index >= size) break;
      for (; next < index; next += 1) yield expiredLine(next, await leafAt(next));
      const stored = await leafAt(index);
      if (!leafHash(event).equals(stored)) onChanged(event);
      yield { index, leaf: stored.toString('base64'), position: String(event.position), event: provedEvent(event) };
      next += 1;
    }
    if (next === size) return;
  }
  for (; next < size; next += 1) yield expiredLine(next, await leafAt(next));
}

/** The events of the tree, in pages. */
async function* pages(eventLog: ExportDeps['eventLog']): AsyncGenerator<RecordedEvent[]> {
  for (let after: bigint | undefined; ; ) {
    const page = await eventLog.readAll(after, PAGE_EVENTS);
    after = page.at(-1)?.position;
    if (after === undefined) return;
    yield page.filter(isProvable);
  }
}

const expiredLine = (index: number, leaf: Buffer): ExpiredEvent => ({ index, leaf: leaf.toString('base64') });

/** Reads leaves of the stored tree in their order, each tile once. */
const storedLeaves = (readTiles: TileReader): ((index: number) => Promise<Buffer>) => {
  let held: { index: number; hashes: Buffer | undefined } | undefined;
  return async (index) => {
    const leaf = { height: 0, index };
    const id = tileOf(leaf);
    if (held?.index !== id.index) held = { index: id.index, hashes: (await readTiles([id]))[0] };
    return subtreeHash(held.hashes, leaf);
  };
};
