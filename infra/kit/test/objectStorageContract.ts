import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ListedObject, ObjectStorage } from '@ums/kit/object-storage/objectStorage';
import { ObjectTooLarge } from '@ums/kit/object-storage/objectTooLarge';

const MAX_BYTES = 5_000_000;
const PICTURE = { contentType: 'image/webp', maxBytes: MAX_BYTES };
/** More than a page of a list. */
const MANY = 510;

/** A prefix of its own for each test. */
export const aPrefix = (): string => `pictures/${randomUUID()}/`;

/** The chunks as a stream whose length is not known. */
export const streamOf = (chunks: readonly Uint8Array[]): Readable => Readable.from(chunks, { objectMode: false });

export const listed = async (objects: AsyncIterable<ListedObject>): Promise<ListedObject[]> => {
  const all: ListedObject[] = [];
  for await (const object of objects) all.push(object);
  return all;
};

/** Tests that every object storage must pass. @param opened the storage, once the tests run */
export const objectStorageContract = (opened: () => ObjectStorage): void => {
  describe('an object storage', () => {
    let storage: ObjectStorage;
    beforeAll(() => {
      storage = opened();
    });

    const contentOf = async (key: string) => {
      const object = await storage.get(key);
      return object && (await buffer(object.content));
    };
    const putAll = async (keys: readonly string[]): Promise<void> => {
      const waiting = [...keys];
      const putNext = async () => {
        for (let key = waiting.pop(); key !== undefined; key = waiting.pop())
          await storage.put(key, Buffer.from(key), PICTURE);
      };
      await Promise.all(Array.from({ length: 10 }, putNext));
    };
    const keysUnder = async (prefix: string) => (await listed(storage.list(prefix))).map(({ key }) => key);

    it.each([
      ['bytes', (content: Buffer) => content],
      ['a stream of unknown length', (content: Buffer) => streamOf([content.subarray(0, 7), content.subarray(7)])],
    ])('returns what was stored from %s, with its size and type', async (_, sourceOf) => {
      for (const size of [0, 1, 300_000, MAX_BYTES]) {
        const key = `${aPrefix()}original`;
        const content = randomBytes(size);
        expect(await storage.put(key, sourceOf(content), PICTURE)).toBe(size);
        expect(await storage.head(key)).toEqual({ size, contentType: 'image/webp' });
        expect(await storage.get(key)).toMatchObject({ size, contentType: 'image/webp' });
        expect((await contentOf(key))?.equals(content)).toBe(true);
      }
    });

    it('replaces an object of the same key', async () => {
      const key = `${aPrefix()}original`;
      await storage.put(key, Buffer.from('the first content'), PICTURE);
      await storage.put(key, Buffer.from('the second'), { ...PICTURE, contentType: 'image/png' });
      expect(await storage.head(key)).toEqual({ size: 10, contentType: 'image/png' });
      expect(String(await contentOf(key))).toBe('the second');
    });

    it('stores nothing of content that is too long, and leaves its source open', async () => {
      const key = `${aPrefix()}original`;
      const source = streamOf([randomBytes(3_000_000), randomBytes(2_000_001), randomBytes(1)]);
      await expect(storage.put(key, source, PICTURE)).rejects.toThrow(ObjectTooLarge);
      expect(source.destroyed).toBe(false);
      await expect(storage.put(key, randomBytes(MAX_BYTES + 1), PICTURE)).rejects.toThrow(ObjectTooLarge);
      expect(await storage.head(key)).toBeUndefined();
    });

    it('stores nothing of a stream that fails, and passes its error on', async () => {
      const key = `${aPrefix()}original`;
      const failing = Readable.from(
        (async function* () {
          yield randomBytes(100_000);
          throw new Error('the client has disconnected');
        })(),
        { objectMode: false },
      );
      await expect(storage.put(key, failing, PICTURE)).rejects.toThrow('the client has disconnected');
      expect(await storage.head(key)).toBeUndefined();
    });

    it('finds no object that was never stored or is deleted, and deletes it again without an error', async () => {
      const key = `${aPrefix()}original`;
      expect([await storage.get(key), await storage.head(key)]).toEqual([undefined, undefined]);
      await storage.put(key, Buffer.from('content'), PICTURE);
      for (let time = 1; time <= 2; time++) await storage.delete(key);
      expect([await storage.get(key), await storage.head(key)]).toEqual([undefined, undefined]);
    });

    it('lists the objects of one prefix in the order of their keys, with size and time, also over several pages', async () => {
      const prefix = aPrefix();
      const neighbour = `${prefix.slice(0, -1)}-2/64.webp`;
      const names = Array.from(
        { length: MANY },
        (_, index) => `${index % 3 === 0 ? 'a' : `a-${index % 7}`}/${index}.webp`,
      );
      await putAll([neighbour, ...names.map((each) => prefix + each)]);
      const objects = await listed(storage.list(prefix));
      expect(objects.map(({ key }) => key)).toEqual(names.map((each) => prefix + each).sort());
      for (const { key, size, modifiedAt } of objects) {
        expect(size).toBe(key.length);
        expect(Math.abs(modifiedAt.getTime() - Date.now())).toBeLessThan(300_000);
      }
      expect(await keysUnder(aPrefix())).toEqual([]);
    }, 300_000);

    it('deletes all objects of one prefix, also over several pages, and no others', async () => {
      const prefix = aPrefix();
      const neighbour = `${prefix.slice(0, -1)}-2/64.webp`;
      await putAll([neighbour, ...Array.from({ length: MANY }, (_, index) => `${prefix}${index % 4}/${index}.webp`)]);
      expect(await storage.deleteAll(prefix)).toBe(MANY);
      expect(await keysUnder(prefix)).toEqual([]);
      expect(await storage.deleteAll(prefix)).toBe(0);
      expect(await storage.head(neighbour)).toBeDefined();
      await expect(storage.deleteAll('')).rejects.toThrow(RangeError);
      await expect(storage.deleteAll(prefix.slice(0, -1))).rejects.toThrow(RangeError);
    }, 300_000);

    it('keeps an object that is stored while its neighbours are deleted', async () => {
      for (let round = 0; round < 20; round++) {
        const prefix = aPrefix();
        await putAll(['old/64.webp', 'old/256.webp', 'old/512.webp'].map((each) => prefix + each));
        await Promise.all([
          storage.deleteAll(`${prefix}old/`),
          storage.put(`${prefix}new/64.webp`, Buffer.from('new'), PICTURE),
        ]);
        expect(await keysUnder(prefix)).toEqual([`${prefix}new/64.webp`]);
      }
    });
  });
};
