import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Sight } from '@ums/contracts/history/sight';
import type { HistoryPage } from '@ums/contracts/http/history';
import { ERASED } from '@ums/contracts/personal';
import type { HistoryStream } from '@ums/identity/history/historyEntry';
import { ANY, type EventLog } from '@ums/kit/event-log/eventLog';
import fc from 'fast-check';
import { memoryEventLog } from '../../../infra/kit/test/memoryEventLog.js';
import { type HistoryParameters, historyRequest } from './historyRequest.js';
import { readHistory } from './readHistory.js';

const userId = randomUUID();
const STREAMS: readonly HistoryStream[] = ['user', 'signin', 'access'];
const TYPES = { user: 'UserSuspended', signin: 'SessionStarted', access: 'Noted' } as const;
const sight: Sight = { isMasked: true, open: () => ERASED };

const append = (eventLog: EventLog, stream: HistoryStream) => {
  const metadata = {
    $correlationId: 'c',
    $causationId: 'c',
    actor: { kind: 'user', id: userId },
    at: new Date(0).toISOString(),
  };
  const data = stream === 'signin' ? { sessionId: randomUUID() } : {};
  return eventLog.append(`${stream}-${userId}`, [{ id: randomUUID(), type: TYPES[stream], data, metadata }], ANY);
};

/** A log with these events of the user, in this order, and the reads of their history. */
const historyOf = async (order: readonly HistoryStream[]) => {
  const eventLog = memoryEventLog();
  for (const stream of ['user', ...order] as const) await append(eventLog, stream);
  const page = async (parameters: HistoryParameters, streams: readonly HistoryStream[]): Promise<HistoryPage> => {
    const found = await readHistory(eventLog, userId, historyRequest(parameters, streams), async () => sight);
    if (found === undefined) throw new Error('no such user');
    return found;
  };
  const expected = (streams: readonly HistoryStream[]): string[] =>
    eventLog.events.filter(({ stream }) => streams.some((one) => stream.startsWith(one))).map(({ id }) => id);
  return { eventLog, page, expected };
};

const idsOf = ({ items }: HistoryPage): string[] => items.map(({ eventId }) => eventId);

const streamSets = fc.constantFrom<HistoryStream[]>(['user'], ['user', 'signin'], ['user', 'access'], [...STREAMS]);
const orders = fc.constantFrom('asc' as const, 'desc' as const);
const stories = fc.array(fc.constantFrom(...STREAMS), { maxLength: 25 });

describe('readHistory', () => {
  it('shows every entry once, in the order of the log, page by page in both directions', async () => {
    await fc.assert(
      fc.asyncProperty(
        stories,
        streamSets,
        orders,
        fc.integer({ min: 1, max: 7 }),
        async (story, streams, order, limit) => {
          const { page, expected } = await historyOf(story);
          const all = order === 'asc' ? expected(streams) : expected(streams).reverse();
          const pages = [await page({ limit, order }, streams)];
          for (let next = pages[0]?.next; typeof next === 'string'; next = pages.at(-1)?.next)
            pages.push(await page({ limit, order, after: next }, streams));
          expect(pages.flatMap(idsOf)).toEqual(all);
          expect(pages[0]?.previous).toBeNull();
          const back = pages.slice(-1);
          for (let previous = back[0]?.previous; typeof previous === 'string'; previous = back[0]?.previous)
            back.unshift(await page({ limit, order, before: previous }, streams));
          expect(back.flatMap(idsOf)).toEqual(all);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps a page as it is while events are appended', async () => {
    await fc.assert(
      fc.asyncProperty(stories, stories, streamSets, orders, async (story, later, streams, order) => {
        const { eventLog, page } = await historyOf(story);
        const { next } = await page({ limit: 3, order }, streams);
        if (next === null) return;
        const before = await page({ limit: 2, order, after: next }, streams);
        for (const stream of later) await append(eventLog, stream);
        const after = await page({ limit: 2, order, after: next }, streams);
        if (order === 'desc') expect(after).toEqual(before);
        else expect(idsOf(after).slice(0, before.items.length)).toEqual(idsOf(before));
      }),
      { numRuns: 60 },
    );
  });

  it('finds newer entries before the first page that was read newest first', async () => {
    const { eventLog, page, expected } = await historyOf(['signin', 'user', 'user', 'user']);
    const { next } = await page({ limit: 3, order: 'desc' }, ['user', 'signin']);
    const second = await page({ limit: 3, order: 'desc', after: next ?? '' }, ['user', 'signin']);
    await append(eventLog, 'signin');
    const first = await page({ limit: 100, order: 'desc', before: second.previous ?? '' }, ['user', 'signin']);
    expect(idsOf(first)).toEqual(expected(['user', 'signin']).slice(2).reverse());
    expect(first.previous).toBeNull();
  });

  it('answers a place behind the end, and one before the first event of an account', async () => {
    const { page, expected } = await historyOf(['user']);
    const place = (text: string) => Buffer.from(`${text} `).toString('base64url');
    expect(idsOf(await page({ limit: 5, order: 'asc', after: place('u999') }, ['user']))).toEqual([]);
    expect(idsOf(await page({ limit: 5, order: 'desc', after: place('u999') }, ['user']))).toEqual(
      expected(['user']).reverse(),
    );
    expect(idsOf(await page({ limit: 5, order: 'desc', after: place('u0') }, ['user']))).toEqual([]);
  });

  it('reads long streams in parts, and finds no user without events', async () => {
    const { eventLog, page, expected } = await historyOf([]);
    const metadata = { $correlationId: 'c', $causationId: 'c', actor: { kind: 'user' }, at: new Date(0).toISOString() };
    const many = Array.from({ length: 1_100 }, () => ({ id: randomUUID(), type: 'UserSuspended', data: {}, metadata }));
    await eventLog.append(`user-${userId}`, many, ANY);
    expect(idsOf(await page({ limit: 100, order: 'desc' }, ['user']))).toEqual(
      expected(['user']).slice(-100).reverse(),
    );
    const other = historyRequest({ limit: 1, order: 'desc' }, ['user']);
    expect(await readHistory(eventLog, randomUUID(), other, async () => sight)).toBeUndefined();
  });
});
