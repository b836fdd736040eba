import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditEventBody } from '@ums/contracts/http/auditEvents';
import { silentLog } from '@ums/kit/log';
import { guardedQuery, type Query } from '@ums/kit/postgres/guardedQuery';
import { createFeedWorld, type FeedWorld, feedEvent } from '../../test/feedWorld.js';
import { type AuditFilterParameters, auditFilter } from './auditFilter.js';
import { feedPool } from './feedPool.js';
import { readAuditPage } from './readAuditPage.js';

const COUNT = 240;
const [USERS, CORRELATIONS] = [2, 3].map((count) => Array.from({ length: count }, () => randomUUID())) as [
  string[],
  string[],
];
const TYPES = ['UserRenamed', 'SessionStarted', 'UserFromTheFuture'];
const ACTORS: AuditEventBody['actor'][] = [
  { kind: 'anonymous', id: null },
  { kind: 'service', id: 'notifier' },
  { kind: 'admin', id: USERS[0] ?? null },
];
const START = Date.UTC(2026, 0, 31, 22);

/** The minute that an event happens in: nearly in order, some late by hours, and two by clocks that are years off. */
const minuteOf = (index: number): number => {
  if (index === 50) return 40_000_000;
  if (index === 100) return -40_000_000;
  return index * 3 - (index % 11 === 0 ? 200 : index % 4);
};
const pick = <T>(items: readonly T[], index: number): T => items[index % items.length] as T;
const events = Array.from({ length: COUNT }, (_, index) =>
  feedEvent(index * 10 + 7, {
    userId: index % 5 === 0 ? null : pick(USERS, index),
    type: pick(TYPES, index >> 1),
    actor: pick(ACTORS, index >> 2),
    at: new Date(START + minuteOf(index) * 60_000 + index).toISOString(),
    correlationId: pick(CORRELATIONS, index >> 3),
    grantId: null,
  }),
);

let world: FeedWorld;
let pool: ReturnType<typeof feedPool>;
let read: Query;
beforeAll(async () => {
  world = await createFeedWorld();
  await world.insert(events);
  pool = feedPool(world.config.DATABASE_URL, silentLog);
  read = guardedQuery('read model', pool);
});
afterAll(async () => {
  await pool.end();
  await world.close();
});

/** All events that a filter shows, from page to page. */
const walk = async (
  parameters: AuditFilterParameters,
  { order, limit, lookAt }: { order: 'asc' | 'desc'; limit: number; lookAt: number },
): Promise<AuditEventBody[]> => {
  const found: AuditEventBody[] = [];
  const filter = auditFilter(parameters);
  for (let after: string | undefined; ; ) {
    const { value } = await readAuditPage(read, { order, after, onlyWhole: false, limit, lookAt }, filter);
    expect(value.items.length).toBeLessThanOrEqual(limit);
    found.push(...value.items);
    if (value.next === null) return found;
    after = value.next;
  }
};

const expected = (
  { user, actor, type, correlation, from, to }: AuditFilterParameters,
  order: 'asc' | 'desc',
): AuditEventBody[] => {
  const shown = events.filter(
    (event) =>
      (user === undefined || event.userId === user) &&
      (actor === undefined || event.actor.id === actor) &&
      (type === undefined || event.type === type) &&
      (correlation === undefined || event.correlationId === correlation) &&
      (from === undefined || Date.parse(event.at) >= Date.parse(from)) &&
      (to === undefined || Date.parse(event.at) <= Date.parse(to)),
  );
  return order === 'asc' ? shown : shown.toReversed();
};

const timeAt = (minute: number): string => new Date(START + minute * 60_000).toISOString();
const choices: [keyof AuditFilterParameters, (string | undefined)[]][] = [
  ['user', [undefined, USERS[0]]],
  ['actor', [undefined, 'notifier']],
  ['type', [undefined, 'SessionStarted']],
  ['correlation', [undefined, CORRELATIONS[1]]],
];
const combinations = choices.reduce<AuditFilterParameters[]>(
  (all, [name, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
  [{}],
);
const ranges: [string | undefined, string | undefined][] = [
  [undefined, undefined],
  [timeAt(100), timeAt(400)],
  [timeAt(333), undefined],
  [undefined, timeAt(95)],
  [timeAt(30_000_000), undefined],
  [timeAt(900), timeAt(1_000)],
];

describe('pages of the feed', () => {
  it.each(['asc', 'desc'] as const)(
    'show what every combination of filters selects, %s, whatever the clocks say',
    async (order) => {
      for (const combination of combinations)
        for (const [from, to] of ranges) {
          const parameters = { ...combination, from, to };
          const found = await walk(parameters, { order, limit: 7, lookAt: 1_000 });
          expect([parameters, found]).toEqual([parameters, expected(parameters, order)]);
        }
    },
  );

  it.each(['asc', 'desc'] as const)('lead on where a page looked at as many events as it may, %s', async (order) => {
    for (const combination of combinations)
      for (const [from, to] of ranges.slice(0, 3)) {
        const parameters = { ...combination, from, to };
        const found = await walk(parameters, { order, limit: 4, lookAt: 6 });
        expect([parameters, found]).toEqual([parameters, expected(parameters, order)]);
      }
  });

  it('are exact to the millisecond at both ends', async () => {
    const [first, last] = [events[20]?.at ?? '', events[30]?.at ?? ''];
    const at = (time: string, ms: number) => new Date(Date.parse(time) + ms).toISOString();
    for (const [from, to] of [
      [first, last],
      [at(first, 1), at(last, -1)],
    ]) {
      const parameters = { from, to };
      expect(await walk(parameters, { order: 'asc', limit: 50, lookAt: 1_000 })).toEqual(expected(parameters, 'asc'));
    }
  });
});
