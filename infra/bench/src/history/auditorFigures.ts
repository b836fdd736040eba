import { median, percentile } from '../load/statistics.js';
import { unhurriedPool } from '../load/unhurriedPool.js';
import { type Figure, formatNumber } from '../report/figure.js';
import { ask } from '../service/ask.js';
import { atPace } from '../service/atPace.js';
import type { MeasuredService } from '../service/measuredService.js';
import { createTestUsers, logIn, type TestUser } from '../service/testUsers.js';
import { seedEvents } from './seedEvents.js';
import { slowAuditor } from './slowAuditor.js';

export interface AuditorSizes {
  /** In the feed, so that a stream of it lasts longer than a round. */
  events: number;
  auditors: number;
  users: number;
  rounds: number;
  /** Reads of a round, and their pace. */
  reads: number;
  perSecond: number;
}

/** Positions of the seeded events begin behind any that the service reaches. */
const FIRST_EVENT = 1_000_000_000;

/**
 * F-31: time of reads of the own profile while slow auditors stream the feed of events, compared with the same reads without
 * them. Rounds alternate. Both processes run on this machine, so the client of the auditors costs time too.
 *
 * @param appoint makes a user an administrator
 */
export const auditorFigures = async (
  service: MeasuredService,
  { events, auditors, users: count, rounds, reads, perSecond }: AuditorSizes,
  appoint: (email: string) => Promise<void>,
): Promise<Figure[]> => {
  const users = await createTestUsers(service, count);
  const [auditor] = users as [TestUser];
  await appoint(auditor.email);
  await seed(service.users, events);
  const p99 = async (): Promise<number> =>
    percentile(
      await atPace(users, { perSecond, commands: reads }, async ({ accessToken: token }) => {
        const startedAt = performance.now();
        await ask(service.api, 'GET', '/user', { token });
        return performance.now() - startedAt;
      }),
      0.99,
    );
  const token = await logIn(service, auditor);
  auditor.accessToken = token;
  const measured: { alone: number; beside: number; bytes: number }[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const alone = await p99();
    const leaving = new AbortController();
    const streams = Array.from({ length: auditors }, () => slowAuditor(service.api, token, leaving.signal));
    const beside = await p99();
    leaving.abort();
    const bytes = (await Promise.all(streams)).reduce((sum, received) => sum + received, 0);
    measured.push({ alone, beside, bytes });
  }
  // The first round only warms up.
  const counted = measured.slice(1);
  const medianOf = (pick: (round: (typeof counted)[number]) => number): number => median(counted.map(pick));
  return [
    {
      name: `F-31 reads beside ${auditors} slow auditors, p99`,
      measured: medianOf(({ alone, beside }) => beside / alone),
      unit: '× that without them',
      target: { atMost: 1.1 },
      details: `${formatNumber(medianOf(({ beside }) => beside))} ms, compared with ${formatNumber(medianOf(({ alone }) => alone))}; median of ${rounds} rounds of ${reads} reads of GET /user at ${perSecond}/s, while the auditors received ${formatNumber(medianOf(({ bytes }) => bytes / 1e6))} MB`,
    },
  ];
};

const seed = async (url: string, events: number): Promise<void> => {
  const pool = unhurriedPool(url, 1);
  try {
    await seedEvents(pool, FIRST_EVENT, events);
  } finally {
    await pool.end();
  }
};
