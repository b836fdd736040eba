import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@ums/contracts/events/event';
import { leafHash } from '@ums/contracts/proof/leaf';
import type { LogExportLine } from '@ums/contracts/proof/logExport';
import { until } from '../../../infra/kit/test/until.js';
import { createWorld, type World } from '../../test/world.js';
import { signCheckpoint } from '../checkpoint/signCheckpoint.js';
import { followLog } from '../tree/followLog.js';
import { exportedLines } from './exportedLines.js';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

/** Brings the tree to the head of the log. */
const catchUp = async (): Promise<void> => {
  const done = new AbortController();
  const following = followLog(world, done.signal, 100, () => undefined);
  await until(world.isCaughtUp);
  done.abort();
  await following;
};

const sign = () => signCheckpoint(world, { grownSeconds: 0, anywaySeconds: 0 }, []);

const exported = async (eventLog: Pick<World['eventLog'], 'readAll'> = world.eventLog) => {
  const lines: unknown[] = [];
  for await (const line of exportedLines({ eventLog, pool: world.pool })) lines.push(line);
  const [header, ...leaves] = lines;
  return { header, leaves: leaves as LogExportLine[] };
};

describe('the export of the log', () => {
  it('holds every event that the last checkpoint covers, with the hash of its leaf', async () => {
    await world.append(700);
    await catchUp();
    const signed = await sign();
    await world.append(3);
    await catchUp();
    const { header, leaves } = await exported();
    expect(header).toEqual({ format: 'ums-log-export.v1', checkpoint: signed?.note });
    expect(leaves).toHaveLength(signed?.size ?? 0);
    const expected = (await world.expectedLeaves()).slice(0, signed?.size);
    expect(leaves.map(({ leaf }) => leaf)).toEqual(expected.map((hash) => hash.toString('base64')));
    expect(leaves.every((line) => 'event' in line && leafHash(line.event).toString('base64') === line.leaf)).toBe(true);
  });

  it('holds the hash alone of an event that the log no longer holds', async () => {
    await world.append(20);
    await catchUp();
    await sign();
    const isGone = ({ position }: RecordedEvent, all: readonly RecordedEvent[]) =>
      [all.at(3)?.position, all.at(-1)?.position].includes(position);
    const events = await world.eventLog.readAll(undefined, 100);
    const kept = events.filter((event) => !isGone(event, events));
    const { leaves } = await exported({
      readAll: async (after = -1n, limit) => kept.filter(({ position }) => position > after).slice(0, limit),
    });
    const expected = await world.expectedLeaves();
    expect(leaves.map(({ leaf }) => leaf)).toEqual(expected.map((hash) => hash.toString('base64')));
    expect(leaves.filter((line) => !('event' in line)).map(({ index }) => index)).toEqual([3, leaves.length - 1]);
  });

  it('G-08 has the stored leaf of an event that was changed in the log since, and tells of it', async () => {
    await world.append(300);
    await catchUp();
    await sign();
    const changed: string[] = [];
    const events = await world.eventLog.readAll(undefined, 1_000);
    const altered = events.map((event, index) => (index === 270 ? { ...event, data: { name: 'other' } } : event));
    const readAll = async (after = -1n, limit = 0) =>
      altered.filter(({ position }) => position > after).slice(0, limit);
    const leaves: LogExportLine[] = [];
    for await (const line of exportedLines({ eventLog: { readAll }, pool: world.pool }, ({ id }) => changed.push(id)))
      if ('index' in line) leaves.push(line);
    expect(changed).toEqual([events[270]?.id]);
    const expected = await world.expectedLeaves();
    expect(leaves.map(({ leaf }) => leaf)).toEqual(expected.map((hash) => hash.toString('base64')));
  });

  it('is refused while nothing is signed', async () => {
    await expect(exported()).rejects.toThrow('The notary has signed nothing yet.');
  });
});
