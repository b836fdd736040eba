import { createHash } from 'node:crypto';

/** The revision that each stream goes on with. */
export interface StreamRevisions {
  /** Takes the next revision of a stream. @returns the one that was expected; `undefined` for a stream that was not seen. */
  take(stream: string, revision: number): number | undefined;
}

const KEY_WORDS = 4;
const WORD_BYTES = 4;
const MAX_LOAD = 0.7;

/**
 * Revisions by 128 bits of the SHA-256 of each name, in arrays that take 24 bytes a place: a Map of the names themselves would take
 * several times as much for a million streams. Nobody can find two names of the same 128 bits.
 *
 * @param places to begin with, a power of two.
 */
export const streamRevisions = (places = 1_024): StreamRevisions => {
  let table = emptyTable(places);
  let count = 0;
  const key = new Uint32Array(KEY_WORDS);
  return {
    take: (stream, revision) => {
      const hash = createHash('sha256').update(stream).digest();
      for (let word = 0; word < KEY_WORDS; word += 1) key[word] = hash.readUInt32LE(word * WORD_BYTES);
      let place = placeOf(table, key);
      const seen = table.nexts[place] as number;
      if (seen === 0) {
        count += 1;
        if (count / table.nexts.length > MAX_LOAD) {
          table = doubled(table);
          place = placeOf(table, key);
        }
      }
      put(table, place, key, revision + 2);
      return seen === 0 ? undefined : seen - 1;
    },
  };
};

interface Table {
  keys: Uint32Array;
  /** One more than the next revision; 0 where the place is free. */
  nexts: Float64Array;
}

const emptyTable = (places: number): Table => ({
  keys: new Uint32Array(places * KEY_WORDS),
  nexts: new Float64Array(places),
});

/** The place of a key, or the free one where it belongs. */
const placeOf = ({ keys, nexts }: Table, key: Uint32Array): number => {
  const mask = nexts.length - 1;
  let place = (key[0] as number) & mask;
  while (nexts[place] !== 0 && !isAt(keys, place * KEY_WORDS, key)) place = (place + 1) & mask;
  return place;
};

const isAt = (keys: Uint32Array, start: number, key: Uint32Array): boolean =>
  keys[start] === key[0] && keys[start + 1] === key[1] && keys[start + 2] === key[2] && keys[start + 3] === key[3];

const put = ({ keys, nexts }: Table, place: number, key: Uint32Array, next: number): void => {
  keys.set(key, place * KEY_WORDS);
  nexts[place] = next;
};

const doubled = (table: Table): Table => {
  const larger = emptyTable(table.nexts.length * 2);
  for (const [place, next] of table.nexts.entries()) {
    if (next === 0) continue;
    const key = table.keys.subarray(place * KEY_WORDS, (place + 1) * KEY_WORDS);
    put(larger, placeOf(larger, key), key, next);
  }
  return larger;
};
