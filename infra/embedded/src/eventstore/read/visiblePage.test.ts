import { describe, expect, it } from '@jest/globals';
import { storedEvent } from '../../../test/sampleEvents.js';
import { LARGEST_POSITION, type StoredEvent } from '../recordedEvent.js';
import type { Direction, EventPages, StreamHead } from '../storage/eventPages.js';
import { visiblePage } from './visiblePage.js';

const STREAM = Buffer.from('s');
const SECOND = 10_000_000n;

interface Sample {
  readonly stream?: string;
  readonly metadata?: string;
  /** Age of each event in seconds, by revision. */
  readonly ages: readonly number[];
}

/** The pages of one stream in memory, which record the statements sent. */
const pagesOf = ({ stream = 's', metadata, ages }: Sample) => {
  const statements: string[] = [];
  const now = BigInt(Date.now()) * 10_000n;
  const events = ages.map((age, index) =>
    storedEvent(BigInt(index), { revision: BigInt(index), created: now - BigInt(age) * SECOND }),
  );
  const head: StreamHead = {
    lastRevision: events.at(-1)?.revision,
    metadata: metadata === undefined ? undefined : Buffer.from(metadata),
  };
  const part = (direction: Direction, from: bigint) =>
    direction === 'forwards'
      ? events.filter(({ revision }) => revision >= from)
      : events.filter(({ revision }) => revision <= from).reverse();
  const pages = {
    stream: async (direction: Direction, _stream: Buffer, from: bigint, limit: number) => {
      statements.push(`${direction} ${from}`);
      const found = part(direction, from);
      return { events: found.slice(0, limit), last: found.length < limit, head };
    },
    streamHead: async (of: Buffer) => ({
      ...head,
      lastRevision: of.toString() === stream ? head.lastRevision : undefined,
    }),
    firstSince: async (_stream: Buffer, { from, to }: { from: bigint; to: bigint }, created: bigint) => {
      statements.push(`since ${from} ${to}`);
      return part('forwards', from).find((event: StoredEvent) => event.created >= created)?.revision ?? to + 1n;
    },
  } as unknown as EventPages;
  return { pages, statements };
};

const read = async (sample: Sample, direction: Direction, from: bigint, limit = 3) => {
  const { pages, statements } = pagesOf(sample);
  const page = await visiblePage(pages, direction, Buffer.from(sample.stream ?? 's'), from, limit);
  return { revisions: page?.events.map(({ revision }) => Number(revision)), last: page?.last, statements };
};

const young = [0, 0, 0, 0, 0];

describe('a page of a stream', () => {
  it('takes one statement when the stream has no metadata', async () => {
    expect(await read({ ages: young }, 'forwards', 0n)).toEqual({
      ...{ revisions: [0, 1, 2], last: false, statements: ['forwards 0'] },
    });
    expect((await read({ ages: young, metadata: '{"$tb":"x"}' }, 'forwards', 0n)).statements).toHaveLength(1);
  });

  it.each([
    ['{"$maxCount":2}', [3, 4]],
    ['{"$tb":4}', [4]],
    ['{"$tb":1,"$maxCount":2}', [3, 4]],
    ['{"$tb":100}', []],
  ])('forwards begins at the first event that %s shows', async (metadata, revisions) => {
    const page = await read({ ages: young, metadata }, 'forwards', 0n);
    expect(page).toMatchObject({ revisions, last: true });
    expect(page.statements).toHaveLength(2);
    expect((await read({ ages: young, metadata }, 'backwards', 4n, 10)).revisions).toEqual([...revisions].reverse());
  });

  it('takes one statement beyond the first visible event', async () => {
    const { revisions, statements } = await read({ ages: young, metadata: '{"$tb":2}' }, 'forwards', 3n);
    expect([revisions, statements]).toEqual([[3, 4], ['forwards 3']]);
  });

  it('backwards ends at the first visible event', async () => {
    const sample = { ages: young, metadata: '{"$tb":3}' };
    expect(await read(sample, 'backwards', 4n)).toMatchObject({ revisions: [4, 3], last: true });
    expect(await read(sample, 'backwards', 2n)).toMatchObject({ revisions: [], last: true });
  });

  it('hides events older than the maximum age, which it finds by bisection', async () => {
    const sample = { ages: [500, 400, 300, 50, 20], metadata: '{"$maxAge":100}' };
    expect(await read(sample, 'forwards', 0n)).toEqual({
      ...{ revisions: [3, 4], last: true, statements: ['forwards 0', 'since 0 4', 'forwards 3'] },
    });
    expect((await read(sample, 'forwards', 4n)).statements).toEqual(['forwards 4']);
    expect(await read(sample, 'backwards', 4n)).toMatchObject({ revisions: [4, 3], last: true });
    expect((await read({ ...sample, ages: [500, 400] }, 'forwards', 0n)).revisions).toEqual([]);
  });

  it('hides an event whose time is older than that of an event before it', async () => {
    const sample = { ages: [500, 20, 400, 10], metadata: '{"$maxAge":100}' };
    expect((await read(sample, 'forwards', 0n)).revisions).toEqual([1, 3]);
  });

  it('applies age and first revision together', async () => {
    const sample = { ages: [500, 50, 40, 30, 20], metadata: '{"$maxAge":100,"$tb":3}' };
    expect((await read(sample, 'forwards', 0n)).revisions).toEqual([3, 4]);
    expect((await read({ ...sample, metadata: '{"$maxAge":45,"$tb":1}' }, 'forwards', 0n)).revisions).toEqual([
      2, 3, 4,
    ]);
  });

  it('of a metadata stream has its last event only', async () => {
    const sample = { stream: '$$s', ages: young, metadata: '{"$maxCount":3}' };
    expect((await read(sample, 'forwards', 0n)).revisions).toEqual([4]);
    expect((await read(sample, 'backwards', LARGEST_POSITION)).revisions).toEqual([4]);
  });

  it('is undefined when the stream is missing or soft-deleted', async () => {
    const { pages } = pagesOf({ ages: [] });
    expect(await visiblePage(pages, 'forwards', STREAM, 0n, 3)).toBeUndefined();
    const deleted = pagesOf({ ages: young, metadata: '{"$tb":9223372036854775807}' });
    expect(await visiblePage(deleted.pages, 'backwards', STREAM, 4n, 3)).toBeUndefined();
  });
});
