import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { signinStream, userStream } from '@ums/contracts/streams';
import { ANY, LogUnavailable } from '@ums/kit/event-log/eventLog';
import { silentLog } from '@ums/kit/log';
import type pg from 'pg';
import { memoryEventLog } from '../../../infra/kit/test/memoryEventLog.js';
import { limitSignInHistories } from './signInHistories.js';

const DAYS = 400;

const setUp = () => {
  const eventLog = memoryEventLog();
  const warnings: string[] = [];
  const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
  const noted: string[] = [];
  let isVaultDown = false;
  const query = async ({ values: [userIds] }: { values: [string[]] }) => {
    if (isVaultDown) throw new Error('the vault is down');
    noted.push(...userIds);
  };
  const setVaultDown = (isDown: boolean): void => {
    isVaultDown = isDown;
  };
  /** The log refuses metadata of these streams. */
  const refused = new Set<string>();
  const setMaxAge: typeof eventLog.setMaxAge = async (stream, ...rest) => {
    if (refused.has(stream)) throw new LogUnavailable();
    await eventLog.setMaxAge(stream, ...rest);
  };
  const vault = { query } as unknown as pg.Pool;
  const histories = limitSignInHistories({ vault, eventLog: { ...eventLog, setMaxAge }, log }, DAYS);
  const append = (stream: string) =>
    eventLog.append(stream, [{ id: randomUUID(), type: 'SessionStarted', data: {}, metadata: {} }], ANY);
  const metadata = () =>
    eventLog.events.filter(({ type }) => type === '$metadata').map(({ stream, data }) => [stream, data]);
  /** Appends the first events of sign-in streams. @returns the ids of their users. */
  const begin = async (count: number): Promise<string[]> => {
    const userIds = Array.from({ length: count }, () => randomUUID());
    for (const userId of userIds) await append(signinStream(userId));
    return userIds;
  };
  return { eventLog, warnings, histories, append, metadata, noted, setVaultDown, refused, begin };
};

const NOT_LIMITED = 'sign-in stream not limited';

describe('limitSignInHistories', () => {
  it('sets the age of sign-in streams that begin, and of no others', async () => {
    const { eventLog, histories, append, metadata } = setUp();
    const stream = signinStream(randomUUID());
    for (const name of [stream, userStream(randomUUID()), stream, 'other-1']) await append(name);
    await histories.limit(eventLog.events.slice());
    expect(metadata()).toEqual([[`$$${stream}`, { $maxAge: DAYS * 86_400 }]]);
    await append(stream);
    await histories.limit(eventLog.events.slice(-1));
    expect(metadata()).toHaveLength(1);
  });

  it('F-15 notes the streams that failed, each logged once, and limits all others', async () => {
    const { eventLog, warnings, histories, metadata, noted, refused, begin } = setUp();
    const userIds = await begin(120);
    const failing = [3, 60, 119].map((index) => userIds[index] ?? '');
    for (const userId of failing) refused.add(signinStream(userId));
    await histories.limit(eventLog.events.slice());
    await histories.limit([]);
    expect(noted).toEqual(failing);
    expect(warnings).toEqual(failing.map(() => NOT_LIMITED));
    expect(histories.unfinished()).toBe(0);
    expect(metadata()).toHaveLength(117);
  });

  it('notes the rest untried once a whole group has failed, as while the log is down', async () => {
    const { eventLog, warnings, histories, noted, begin } = setUp();
    const userIds = await begin(120);
    eventLog.refuse(1_000);
    await histories.limit(eventLog.events.slice());
    expect(noted).toEqual(userIds);
    expect(warnings).toEqual(Array(50).fill(NOT_LIMITED));
    expect(histories.unfinished()).toBe(0);
  });

  it('keeps what failed while the vault cannot note it, and tries it again', async () => {
    const { eventLog, warnings, histories, metadata, noted, setVaultDown, refused, begin } = setUp();
    const [first = '', second = ''] = await begin(2);
    for (const userId of [first, second]) refused.add(signinStream(userId));
    setVaultDown(true);
    await histories.limit(eventLog.events.slice());
    expect(warnings).toEqual(['sign-in streams neither limited nor noted']);
    expect(histories.unfinished()).toBe(2);
    setVaultDown(false);
    refused.delete(signinStream(first));
    await histories.limit([]);
    expect(histories.unfinished()).toBe(0);
    expect(metadata().map(([stream]) => stream)).toEqual([`$$${signinStream(first)}`]);
    expect(noted).toEqual([second]);
  });
});
