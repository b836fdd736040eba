import { setTimeout as sleep } from 'node:timers/promises';
import { CONSISTENCY_HEADER } from '@ums/contracts/consistencyToken';
import { median, percentile } from '../load/statistics.js';
import { type Figure, shown } from '../report/figure.js';
import { ask } from './ask.js';
import type { Member } from './members.js';
import type { Stage } from './stage.js';

export interface VisibilitySizes {
  /** Commands a second, and how many, under load. */
  busy: Pace;
  /** The same of a system that is otherwise idle. */
  quiet: Pace;
}

export interface Pace {
  perSecond: number;
  commands: number;
}

interface Seen {
  /** From the answer to the command to the answer that shows it, in ms; both on the client's clock. */
  ms: number;
  /** Whether the reader saw at least what the command answered. */
  own: boolean;
}

/**
 * P12 and P14: how long after its answer a command can be read. Renames at a steady pace; each
 * is followed by a read that names the command's token, so that the figure holds all a reader waits for, HTTP included.
 */
export const visibility = async (
  stage: Stage,
  who: readonly Member[],
  { busy, quiet }: VisibilitySizes,
): Promise<Figure[]> => {
  await renames(stage, who, { ...busy, commands: Math.min(busy.commands, 50) });
  const [underLoad, alone] = [await renames(stage, who, busy), await renames(stage, who, quiet)];
  const [p50, p99, idle] = [median(times(underLoad)), percentile(times(underLoad), 0.99), median(times(alone))];
  const how = `from the answer of PUT /user to that of GET /user with its token, ${busy.commands} commands of ${who.length} users at ${busy.perSecond}/s`;
  return [
    { name: 'P12 visible after, p50', measured: p50, unit: 'ms', target: { atMost: 10 }, how },
    { name: 'P12 visible after, p99', measured: p99, unit: 'ms', target: { atMost: 75 }, how },
    {
      name: 'P12 reads older than their token',
      measured: [...underLoad, ...alone].filter(({ own }) => !own).length,
      unit: 'reads',
      target: { atMost: 0 },
      how: `of ${underLoad.length + alone.length}, by revision`,
    },
    {
      name: 'P14 idle penalty',
      measured: idle / p50,
      unit: '× P12 p50',
      target: { atMost: 1.5 },
      how: `p50 of ${quiet.commands} commands at ${quiet.perSecond}/s (${shown(idle)} ms) against that at ${busy.perSecond}/s`,
    },
  ];
};

const times = (seen: readonly Seen[]): number[] => seen.map(({ ms }) => ms);

/** One user's renames follow each other: two at once would meet as a conflict, which is another figure. */
const renames = async (stage: Stage, who: readonly Member[], { perSecond, commands }: Pace): Promise<Seen[]> => {
  const last = new Map<Member, Promise<unknown>>();
  return Promise.all(
    Array.from({ length: commands }, (_, index) => {
      const member = who[index % who.length] as Member;
      const due = Promise.all([sleep((index * 1_000) / perSecond), last.get(member)]);
      const seen = due.then(() => renameAndRead(stage, member, `Ada ${index}`));
      last.set(member, seen);
      return seen;
    }),
  );
};

const renameAndRead = async ({ api }: Stage, { accessToken: token }: Member, name: string): Promise<Seen> => {
  const renamed = await ask(api, 'PUT', '/user', { token, body: { name } });
  const acknowledged = performance.now();
  const at = renamed.headers.get(CONSISTENCY_HEADER) ?? '';
  const read = await ask(api, 'GET', '/user', { token, headers: { [CONSISTENCY_HEADER]: at } });
  return { ms: performance.now() - acknowledged, own: revisionOf(read.body) >= revisionOf(renamed.body) };
};

const revisionOf = (body: unknown): number => (body as { revision: number }).revision;
