import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import type { ObjectInfo, ObjectStorage } from '@ums/kit/object-storage/objectStorage';
import { spool } from '@ums/kit/object-storage/spool';

export interface MemoryObjectStorage extends ObjectStorage {
  /** The keys of all objects, in order. */
  keys(): string[];
  /** While it is down, every call fails. */
  setDown(isDown: boolean): void;
}

/** An object storage in memory, for tests. */
export const memoryObjectStorage = (now: () => Date = () => new Date()): MemoryObjectStorage => {
  const objects = new Map<string, ObjectInfo & { content: Buffer; modifiedAt: Date }>();
  let isDown = false;
  const requireUp = (): void => {
    if (isDown) throw new DependencyUnavailable('object storage');
  };
  const under = (prefix: string): string[] => {
    if (!prefix.endsWith('/')) throw new RangeError('a prefix of keys must end with a slash');
    requireUp();
    return [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  };
  const infoOf = (key: string): ObjectInfo | undefined => {
    requireUp();
    const object = objects.get(key);
    return object && { size: object.size, contentType: object.contentType };
  };
  return {
    put: async (key, content, { contentType, maxBytes }) => {
      requireUp();
      const source = content instanceof Uint8Array ? Readable.from([content], { objectMode: false }) : content;
      const spooled = source instanceof Readable ? await spool(source, maxBytes) : source;
      const stored = await buffer(spooled.read());
      if (spooled !== source) await spooled.close();
      objects.set(key, { content: stored, size: stored.length, contentType, modifiedAt: now() });
      return stored.length;
    },
    get: async (key) => {
      const info = infoOf(key);
      return info && { ...info, content: Readable.from([objects.get(key)?.content], { objectMode: false }) };
    },
    head: async (key) => infoOf(key),
    delete: async (key) => {
      requireUp();
      objects.delete(key);
    },
    deleteAll: async (prefix) => under(prefix).filter((key) => objects.delete(key)).length,
    list: async function* (prefix) {
      for (const key of under(prefix)) {
        const object = objects.get(key);
        if (object !== undefined) yield { key, size: object.size, modifiedAt: object.modifiedAt };
      }
    },
    close: () => undefined,
    keys: () => [...objects.keys()].sort(),
    setDown: (down) => {
      isDown = down;
    },
  };
};
