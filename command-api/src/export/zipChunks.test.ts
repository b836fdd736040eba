import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { addAwaited, removeAwaited } from '@ums/kit/http/connection/othersFirst';
import { strFromU8, Unzip, UnzipInflate, unzipSync } from 'fflate';
import { type ZipEntry, zipChunks } from './zipChunks.js';

const AT = new Date('2026-11-27T12:00:00Z');
const MEGABYTE = 1_048_576;

const texts = async function* (...chunks: (string | Uint8Array)[]) {
  yield* chunks;
};
const entriesOf = async function* (...entries: ZipEntry[]) {
  yield* entries;
};
const whole = async (entries: AsyncIterable<ZipEntry>): Promise<Record<string, string>> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of zipChunks(entries, AT)) chunks.push(chunk);
  const files = unzipSync(Buffer.concat(chunks));
  return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, strFromU8(bytes)]));
};

afterEach(() => void jest.useRealTimers());

describe('zipChunks', () => {
  it('makes an archive of the files, in chunks of any size', async () => {
    const long = 'Zürich '.repeat(40_000);
    const picture = {
      name: 'pictures/64.webp',
      isCompressed: true,
      content: texts(Buffer.from('one'), Buffer.from('two')),
    };
    expect(
      await whole(
        entriesOf(
          { name: 'a.json', content: texts('{}', '\n') },
          picture,
          { name: 'long', content: texts(long) },
          {
            ...{ name: 'empty', content: texts() },
          },
        ),
      ),
    ).toEqual({ 'a.json': '{}\n', 'pictures/64.webp': 'onetwo', long, empty: '' });
  });

  it('makes files whose end is found by who reads the archive as a stream', async () => {
    const picture = { name: 'pictures/64.webp', isCompressed: true, content: texts(randomBytes(100_000)) };
    const read = new Map<string, Uint8Array[]>();
    const unzip = new Unzip((file) => {
      const chunks: Uint8Array[] = [];
      read.set(file.name, chunks);
      file.ondata = (error, chunk) => {
        if (error !== null) throw error;
        chunks.push(chunk);
      };
      // The only method with an end of its own (APPNOTE 4.4.4).
      expect(file.compression).toBe(8);
      file.start();
    });
    unzip.register(UnzipInflate);
    const archive = zipChunks(entriesOf(picture, { name: 'last.json', content: texts('{}') }), AT);
    for await (const chunk of archive) unzip.push(chunk);
    unzip.push(new Uint8Array(), true);
    expect([...read].map(([name, chunks]) => [name, Buffer.concat(chunks).length])).toEqual([
      ['pictures/64.webp', 100_000],
      ['last.json', 2],
    ]);
  });

  it('G-06 asks for content only as far as the archive is read', async () => {
    let made = 0;
    const noise = async function* () {
      for (; ; made += 1) yield randomBytes(MEGABYTE);
    };
    const chunks = zipChunks(entriesOf({ name: 'endless', content: noise() }), AT);
    for (let read = 0; read < 3 * MEGABYTE; ) {
      const { value } = await chunks.next();
      read += (value as Uint8Array).length;
      expect(made * MEGABYTE).toBeLessThanOrEqual(read + MEGABYTE);
    }
    await chunks.return(undefined);
  });

  it('ends what it reads when it is read no further', async () => {
    const ended: string[] = [];
    const watched = async function* () {
      try {
        for (;;) yield 'x'.repeat(100_000);
      } finally {
        ended.push('content');
      }
    };
    const entries = async function* () {
      try {
        yield { name: 'a', content: watched() };
      } finally {
        ended.push('entries');
      }
    };
    const chunks = zipChunks(entries(), AT);
    await chunks.next();
    await chunks.return(undefined);
    expect(ended).toEqual(['content', 'entries']);
  });

  it('fails with what its content fails with, and ends without a directory', async () => {
    const failing = async function* () {
      yield 'first';
      throw new Error('page lost');
    };
    const chunks: Uint8Array[] = [];
    const read = async () => {
      for await (const chunk of zipChunks(entriesOf({ name: 'a', content: failing() }), AT)) chunks.push(chunk);
    };
    await expect(read()).rejects.toThrow('page lost');
    expect(() => unzipSync(Buffer.concat(chunks))).toThrow();
  });

  it('refuses a name that no archive can hold', async () => {
    await expect(whole(entriesOf({ name: 'x'.repeat(70_000), content: texts('a') }))).rejects.toThrow('filename');
  });

  it('lets other work run between two pieces', async () => {
    let turns = 0;
    let isDone = false;
    const count = (): void => {
      turns += 1;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    await whole(entriesOf({ name: 'a', content: texts('y'.repeat(MEGABYTE)) }));
    isDone = true;
    expect(turns).toBeGreaterThan(20);
  });

  it('F-31 compresses nothing while another request is under way', async () => {
    // Time stands still, so that it waits as long as the request takes.
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const other = {} as ServerResponse;
    addAwaited(other);
    let asked = 0;
    const digits = async function* () {
      for (; asked < 40; asked += 1) yield randomBytes(4_096).toString('hex');
    };
    const archive = whole(entriesOf({ name: 'a', content: digits() }));
    for (let turn = 0; turn < 50; turn += 1) await nextTurn();
    expect(asked).toBeLessThan(8);
    removeAwaited(other);
    expect((await archive).a?.length).toBe(40 * 8_192);
  });
});
