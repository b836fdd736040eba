import { streamKey } from '../storage/streamKey.js';
import type { WriterConnection } from '../storage/writerConnection.js';
import type { Append } from './append.js';
import type { Place } from './decideAppend.js';
import type { StreamState } from './planBatch.js';
import { cacheKey, type StreamHeads } from './streamHeads.js';

type Database = Pick<WriterConnection, 'streamHeads' | 'known'>;
type Heads = ReadonlyMap<string, Place>;

const metadataStream = (stream: Buffer) => Buffer.concat([Buffer.from('$$'), stream]);

/**
 * Reads what a batch needs to be decided: the last event of each stream, and where events with the ids of appends
 * stand that may be repeats. At most two queries, whatever the size of the batch.
 * @returns one state an append; appends to the same stream share theirs.
 */
export async function batchStates(
  appends: readonly Append[],
  database: Database,
  cache: StreamHeads,
): Promise<StreamState[]> {
  const asked = appends.map(({ stream, expected }) => ({
    key: streamKey(stream),
    metadataKey: expected === 'stream_exists' ? streamKey(metadataStream(stream)) : undefined,
  }));
  const keys = asked.flatMap(({ key, metadataKey }) => (metadataKey ? [key, metadataKey] : [key]));
  const heads = await lastEvents(keys, database, cache);

  const states = new Map<string, StreamState>();
  const stateOfEach = asked.map(({ key, metadataKey }) => {
    const name = cacheKey(key);
    const state = states.get(name) ?? { streamKey: key, last: heads.get(name), hasMetadata: false, places: new Map() };
    if (metadataKey && heads.has(cacheKey(metadataKey))) state.hasMetadata = true;
    states.set(name, state);
    return state;
  });
  await fillPlaces(appends, stateOfEach, states, database);
  return stateOfEach;
}

async function lastEvents(keys: readonly Buffer[], database: Database, cache: StreamHeads): Promise<Heads> {
  const heads = new Map<string, Place>();
  const unknown = new Map<string, Buffer>();
  for (const key of keys) {
    const head = cache.get(cacheKey(key));
    if (head) heads.set(cacheKey(key), head);
    else unknown.set(cacheKey(key), key);
  }
  if (unknown.size > 0)
    for (const { streamKey: key, ...place } of await database.streamHeads([...unknown.values()]))
      heads.set(cacheKey(key), place);
  return heads;
}

async function fillPlaces(
  appends: readonly Append[],
  stateOfEach: readonly StreamState[],
  states: ReadonlyMap<string, StreamState>,
  database: Database,
) {
  const keys: Buffer[] = [];
  const ids: string[] = [];
  for (const [index, append] of appends.entries()) {
    const state = stateOfEach[index];
    if (!state || !mayRepeat(append, state)) continue;
    for (const { id } of append.events) {
      keys.push(state.streamKey);
      ids.push(id);
    }
  }
  if (ids.length === 0) return;
  for (const { streamKey: key, id, revision, position } of await database.known(keys, ids)) {
    const places = states.get(cacheKey(key))?.places;
    places?.set(id, [...(places.get(id) ?? []), { revision, position }]);
  }
}

/** Only an append to a stream that is already past what it expects can have been written before. */
function mayRepeat({ expected }: Append, { last }: StreamState): boolean {
  if (last === undefined) return false;
  return typeof expected !== 'bigint' || expected < last.revision;
}
