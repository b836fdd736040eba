import { streamKey } from '../storage/schema.js';
import type { WriterConnection } from '../storage/writerConnection.js';
import type { Append } from './append.js';
import type { EventLocation } from './decideAppend.js';
import type { StreamState } from './planBatch.js';
import { cacheKey, type StreamHeads } from './streamHeads.js';

type Database = Pick<WriterConnection, 'streamHeads' | 'findEvents'>;
type Heads = ReadonlyMap<string, EventLocation>;

const metadataStream = (stream: Buffer) => Buffer.concat([Buffer.from('$$'), stream]);

/**
 * Reads the state that the decisions of a batch depend on: the last event of each stream, and the locations of events
 * that may be repeated. At most two queries, whatever the size of the batch.
 * @returns one state for each append, by index; appends to the same stream share one object.
 */
export const batchStates = async (
  appends: readonly Append[],
  database: Database,
  cache: StreamHeads,
): Promise<StreamState[]> => {
  const requested = appends.map(({ stream, expected }) => ({
    key: streamKey(stream),
    metadataKey: expected === 'stream_exists' ? streamKey(metadataStream(stream)) : undefined,
  }));
  const keys = requested.flatMap(({ key, metadataKey }) => (metadataKey ? [key, metadataKey] : [key]));
  const heads = await lastEvents(keys, database, cache);

  const states = new Map<string, StreamState>();
  const stateByAppend = requested.map(({ key, metadataKey }) => {
    const name = cacheKey(key);
    const state = states.get(name) ?? {
      streamKey: key,
      last: heads.get(name),
      hasMetadata: false,
      locations: new Map(),
    };
    if (metadataKey && heads.has(cacheKey(metadataKey))) state.hasMetadata = true;
    states.set(name, state);
    return state;
  });
  await fillLocations(appends, stateByAppend, states, database);
  return stateByAppend;
};

const lastEvents = async (keys: readonly Buffer[], database: Database, cache: StreamHeads): Promise<Heads> => {
  const heads = new Map<string, EventLocation>();
  const uncached = new Map<string, Buffer>();
  for (const key of keys) {
    const head = cache.get(cacheKey(key));
    if (head) heads.set(cacheKey(key), head);
    else uncached.set(cacheKey(key), key);
  }
  if (uncached.size > 0)
    for (const { streamKey: key, ...location } of await database.streamHeads([...uncached.values()]))
      heads.set(cacheKey(key), location);
  return heads;
};

const fillLocations = async (
  appends: readonly Append[],
  stateByAppend: readonly StreamState[],
  states: ReadonlyMap<string, StreamState>,
  database: Database,
) => {
  const keys: Buffer[] = [];
  const ids: string[] = [];
  for (const [index, append] of appends.entries()) {
    const state = stateByAppend[index];
    if (!state || !mayRepeat(append, state)) continue;
    for (const { id } of append.events) {
      keys.push(state.streamKey);
      ids.push(id);
    }
  }
  if (ids.length === 0) return;
  for (const { streamKey: key, id, revision, position } of await database.findEvents(keys, ids)) {
    const locations = states.get(cacheKey(key))?.locations;
    locations?.set(id, [...(locations.get(id) ?? []), { revision, position }]);
  }
};

/** An append can only be a repeat when the stream has events beyond the expected revision. */
const mayRepeat = ({ expected }: Append, { last }: StreamState): boolean => {
  if (last === undefined) return false;
  return typeof expected !== 'bigint' || expected < last.revision;
};
