import { LARGEST_POSITION } from '../recordedEvent.js';
import type { StreamHeadRow, WriterConnection } from '../storage/writerConnection.js';
import type { Append } from './append.js';
import { cacheKey, type HeadsCache } from './familyHeads.js';
import { type AppendState, emptyFamily, familyOf, type StreamFamily, setHeads, softDeleteIn } from './streamFamily.js';

type Database = Pick<WriterConnection, 'streamHeads' | 'findEvents'>;

/**
 * Reads the state that the decisions of a batch depend on: the last events of each stream and of its metadata stream, and
 * the locations of events that may be repeated. At most two queries, whatever the size of the batch.
 * @returns one state for each append, by index; appends to the same stream share one object.
 */
export const batchStates = async (
  appends: readonly Append[],
  database: Database,
  cache: HeadsCache,
): Promise<AppendState[]> => {
  const families = new Map<string, StreamFamily>();
  const states = appends.map((append): AppendState => {
    const name = familyOf(append);
    const family = families.get(name.toString('latin1')) ?? emptyFamily(name);
    families.set(name.toString('latin1'), family);
    return { family, target: append.stream === name ? family.stream : family.metadata };
  });
  await loadHeads([...families.values()], database, cache);
  await fillLocations(appends, states, database);
  return states;
};

const loadHeads = async (families: readonly StreamFamily[], database: Database, cache: HeadsCache): Promise<void> => {
  const uncached = families.filter((family) => {
    const heads = cache.get(cacheKey(family.stream.streamKey));
    if (heads) setHeads(family, heads);
    return !heads;
  });
  if (uncached.length === 0) return;
  const wanted = uncached.flatMap(({ stream, metadata }) => [
    { streamKey: stream.streamKey, isMetadata: false },
    { streamKey: metadata.streamKey, isMetadata: true },
  ]);
  const found = new Map<string, StreamHeadRow>();
  for (const row of await database.streamHeads(wanted)) found.set(cacheKey(row.streamKey), row);
  for (const family of uncached) {
    const metadata = found.get(cacheKey(family.metadata.streamKey));
    const softDelete = metadata?.metadata && softDeleteIn({ json: true, data: metadata.metadata });
    setHeads(family, { last: found.get(cacheKey(family.stream.streamKey)), metadata, softDelete });
  }
};

const fillLocations = async (
  appends: readonly Append[],
  states: readonly AppendState[],
  database: Database,
): Promise<void> => {
  const targets = new Map<string, AppendState['target']>();
  const keys: Buffer[] = [];
  const ids: string[] = [];
  for (const [index, append] of appends.entries()) {
    const target = states[index]?.target;
    if (!target || !mayRepeat(append, target)) continue;
    targets.set(cacheKey(target.streamKey), target);
    for (const { id } of append.events) {
      keys.push(target.streamKey);
      ids.push(id);
    }
  }
  if (ids.length === 0) return;
  for (const { streamKey: key, id, revision, position } of await database.findEvents(keys, ids)) {
    const locations = targets.get(cacheKey(key))?.locations;
    locations?.set(id, [...(locations.get(id) ?? []), { revision, position }]);
  }
};

/** An append can only be a repeat when the stream has events beyond the expected revision. The event of a delete is new. */
const mayRepeat = ({ expected, deletes }: Append, { last }: AppendState['target']): boolean => {
  if (last === undefined || last.revision === LARGEST_POSITION || deletes) return false;
  return typeof expected !== 'bigint' || expected < last.revision;
};
