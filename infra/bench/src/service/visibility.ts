import { CONSISTENCY_HEADER } from '@ums/contracts/consistencyToken';
import { median, percentile } from '../load/statistics.js';
import { type Figure, formatNumber } from '../report/figure.js';
import { ask } from './ask.js';
import { atPace, type Pace } from './atPace.js';
import type { MeasuredService } from './measuredService.js';
import type { TestUser } from './testUsers.js';

export interface VisibilitySizes {
  /** Pace under load. */
  busy: Pace;
  /** Pace of a system that is idle otherwise. */
  quiet: Pace;
}

interface ReadBack {
  /** Time from the answer of the command to the answer of the read, in ms, measured by the client. */
  delayMs: number;
  /** Whether the read returned at least the revision of the command's answer. */
  isCurrent: boolean;
}

/**
 * P12 and P14: time from the answer of a command until it can be read. Users are renamed at a steady pace. Each rename is
 * followed by a read with its consistency token, so the time includes everything a reader waits for, also HTTP.
 */
export const visibility = async (
  service: MeasuredService,
  users: readonly TestUser[],
  { busy, quiet }: VisibilitySizes,
): Promise<Figure[]> => {
  await renames(service, users, { ...busy, commands: Math.min(busy.commands, 50) });
  const [busyReads, quietReads] = [await renames(service, users, busy), await renames(service, users, quiet)];
  const [p50, p99, quietP50] = [
    median(delays(busyReads)),
    percentile(delays(busyReads), 0.99),
    median(delays(quietReads)),
  ];
  const details = `from the answer of PUT /user to the answer of GET /user with its token; ${busy.commands} commands of ${users.length} users at ${busy.perSecond}/s`;
  return [
    { name: 'P12 time until visible, p50', measured: p50, unit: 'ms', target: { atMost: 10 }, details },
    { name: 'P12 time until visible, p99', measured: p99, unit: 'ms', target: { atMost: 75 }, details },
    {
      name: 'P12 reads older than their token',
      measured: [...busyReads, ...quietReads].filter(({ isCurrent }) => !isCurrent).length,
      unit: 'reads',
      target: { atMost: 0 },
      details: `of ${busyReads.length + quietReads.length} reads, compared by revision`,
    },
    {
      name: 'P14 time until visible at a slow pace',
      measured: quietP50 / p50,
      unit: '× P12 p50',
      target: { atMost: 1.5 },
      details: `p50 of ${quiet.commands} commands at ${quiet.perSecond}/s (${formatNumber(quietP50)} ms), compared with the p50 at ${busy.perSecond}/s`,
    },
  ];
};

const delays = (reads: readonly ReadBack[]): number[] => reads.map(({ delayMs }) => delayMs);

const renames = (service: MeasuredService, users: readonly TestUser[], pace: Pace): Promise<ReadBack[]> =>
  atPace(users, pace, (user, index) => renameAndRead(service, user, `Ada ${index}`));

const renameAndRead = async (
  { api }: MeasuredService,
  { accessToken: token }: TestUser,
  name: string,
): Promise<ReadBack> => {
  const renamed = await ask(api, 'PUT', '/user', { token, body: { name } });
  const acknowledged = performance.now();
  const consistencyToken = renamed.headers.get(CONSISTENCY_HEADER) ?? '';
  const headers = { [CONSISTENCY_HEADER]: consistencyToken };
  const read = await ask(api, 'GET', '/user', { token, headers });
  return { delayMs: performance.now() - acknowledged, isCurrent: revisionOf(read.body) >= revisionOf(renamed.body) };
};

const revisionOf = (body: unknown): number => (body as { revision: number }).revision;
