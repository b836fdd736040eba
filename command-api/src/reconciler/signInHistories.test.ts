import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { signinStream, userStream } from '@ums/contracts/streams';
import { ANY } from '@ums/kit/event-log/eventLog';
import { silentLog } from '@ums/kit/log';
import { memoryEventLog } from '../../../infra/kit/test/memoryEventLog.js';
import { limitSignInHistories } from './signInHistories.js';

const DAYS = 400;

const setUp = () => {
  const eventLog = memoryEventLog();
  const warnings: string[] = [];
  const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
  const histories = limitSignInHistories({ eventLog, log }, DAYS);
  const append = (stream: string) =>
    eventLog.append(stream, [{ id: randomUUID(), type: 'SessionStarted', data: {}, metadata: {} }], ANY);
  const metadata = () =>
    eventLog.events.filter(({ type }) => type === '$metadata').map(({ stream, data }) => [stream, data]);
  return { eventLog, warnings, histories, append, metadata };
};

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

  it('keeps what failed, and tries it again', async () => {
    const { eventLog, warnings, histories, append, metadata } = setUp();
    const streams = Array.from({ length: 120 }, () => signinStream(randomUUID()));
    for (const stream of streams) await append(stream);
    const batch = eventLog.events.slice();
    eventLog.refuse(1_000);
    await histories.limit(batch);
    expect(histories.unfinished()).toBe(120);
    // After the first group has failed, the others are not tried.
    expect(warnings).toEqual(Array(50).fill('sign-in stream not limited'));
    eventLog.refuse(-950);
    await histories.limit([]);
    expect(histories.unfinished()).toBe(0);
    expect(metadata().map(([stream]) => stream)).toEqual(streams.map((stream) => `$$${stream}`));
  });
});
