import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Pointer } from '@ums/contracts/messages/message';
import { type MemoryEventLog, memoryEventLog } from '../../test/memoryEventLog.js';
import { anEvent, aStream } from '../../test/sampleEvents.js';
import { NO_STREAM } from '../event-log/eventLog.js';
import { readPointed } from './readPointed.js';

let eventLog: MemoryEventLog;
let stream: string;
beforeEach(() => {
  eventLog = memoryEventLog();
  stream = aStream();
});
const append = async (): Promise<Pointer> => {
  const event = anEvent();
  return { stream, type: event.type, ...(await eventLog.append(stream, [event], NO_STREAM)) };
};

describe('the event that a message points at', () => {
  it('F-24 is read from the log', async () => {
    const pointer = await append();
    expect(await readPointed(eventLog, pointer)).toMatchObject(pointer);
  });

  it('F-24 may still come while the log ends before its position', async () => {
    const pointer: Pointer = { stream, revision: 0n, type: 'Noted', position: 1n };
    expect(await readPointed(eventLog, pointer)).toBe('later');
    const { revision, position } = await append();
    expect(await readPointed(eventLog, { ...pointer, revision: revision + 1n, position: position + 1n })).toBe('later');
  });

  it('F-24 never comes once the log is beyond its position: an operator has deleted the stream', async () => {
    const pointer = await append();
    eventLog.deleteStream(stream);
    expect(await readPointed(eventLog, pointer)).toBe('dead');
  });

  it('F-24 is found when it is appended while it is looked for', async () => {
    let pointer: Pointer | undefined;
    const head = async () => {
      pointer = await append();
      return pointer.position;
    };
    const missing: Pointer = { stream, revision: 0n, type: 'Noted', position: 1n };
    expect(await readPointed({ ...eventLog, head }, missing)).toMatchObject({ ...pointer });
  });
});
