import { streamKey } from '../storage/streamKey.js';
import type { WriterConnection } from '../storage/writerConnection.js';
import type { Append } from './append.js';
import type { Place } from './decideAppend.js';
import type { StreamState } from './planBatch.js';
import type { StreamHeads } from './streamHeads.js';

const text = (key: Buffer) => key.toString('latin1');
const metadataStream = (stream: Buffer) => Buffer.concat([Buffer.from('$$'), stream]);

/**
 * Reads what a batch needs to be decided: the last event of each stream, and where events with the ids of appends
 * stand that may be repeats. At most two queries, whatever the size of the batch.
 */
export async function batchStates(
  appends: readonly Append[],
  connection: Pick<WriterConnection, 'streamHeads' | 'known'>,
  cache: StreamHeads,
): Promise<Map<string, StreamState>> {
  const named = new Map<string, Buffer>();
  for (const { stream, expected } of appends) {
    const key = streamKey(stream);
    named.set(text(key), key);
    if (expected === 'stream_exists') {
      const metadata = streamKey(metadataStream(stream));
      named.set(text(metadata), metadata);
    }
  }
  const heads = await lastEvents(named, connection, cache);
  const states = new Map<string, StreamState>();
  for (const key of named.keys())
    states.set(key, { last: heads.get(key), hasMetadata: false, places: new Map<string, Place[]>() });
  for (const { stream, expected } of appends)
    if (expected === 'stream_exists') {
      const state = states.get(text(streamKey(stream)));
      if (state) state.hasMetadata = heads.has(text(streamKey(metadataStream(stream))));
    }
  await fillPlaces(appends, states, connection);
  return states;
}

async function lastEvents(
  named: ReadonlyMap<string, Buffer>,
  connection: Pick<WriterConnection, 'streamHeads'>,
  cache: StreamHeads,
) {
  const heads = new Map<string, Place>();
  const asked: Buffer[] = [];
  for (const [key, bytes] of named) {
    const head = cache.get(key);
    if (head) heads.set(key, head);
    else asked.push(bytes);
  }
  if (asked.length > 0)
    for (const { streamKey: key, ...place } of await connection.streamHeads(asked)) heads.set(text(key), place);
  return heads;
}

async function fillPlaces(
  appends: readonly Append[],
  states: ReadonlyMap<string, StreamState>,
  connection: Pick<WriterConnection, 'known'>,
) {
  const keys: Buffer[] = [];
  const ids: string[] = [];
  for (const append of appends) {
    const key = streamKey(append.stream);
    if (!mayRepeat(append, states.get(text(key)))) continue;
    for (const { id } of append.events) {
      keys.push(key);
      ids.push(id);
    }
  }
  if (ids.length === 0) return;
  for (const { streamKey: key, id, revision, position } of await connection.known(keys, ids)) {
    const places = states.get(text(key))?.places;
    places?.set(id, [...(places.get(id) ?? []), { revision, position }]);
  }
}

/** Only an append to a stream that is already past what it expects can have been written before. */
function mayRepeat({ expected }: Append, state: StreamState | undefined): boolean {
  if (state?.last === undefined) return false;
  return typeof expected !== 'bigint' || expected < state.last.revision;
}
