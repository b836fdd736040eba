import { describe, expect, it } from '@jest/globals';
import { anEvent, aStream } from '../../test/eventLogContract.js';
import { memoryEventLog } from '../../test/memoryEventLog.js';
import { StartRefused } from '../startRefused.js';
import { type Checkpoint, proveCheckpoint } from './checkpoint.js';
import { NO_STREAM } from './eventLog.js';
import { logIdentity } from './logIdentity.js';

/** A log with some events, and the checkpoint of a reader who has them all. */
const lived = async (events: number) => {
  const eventLog = memoryEventLog();
  const logId = await logIdentity(eventLog);
  for (let count = 0; count < events; count++) await eventLog.append(aStream(), [anEvent()], NO_STREAM);
  const last = eventLog.events.at(-1);
  const checkpoint: Checkpoint = { position: last?.position ?? 0n, eventId: last?.id, logId };
  return { eventLog, checkpoint };
};

describe('proveCheckpoint', () => {
  it('lets a reader go on with the log it knows, from its last event or from the start', async () => {
    const { eventLog, checkpoint } = await lived(3);
    await expect(proveCheckpoint(eventLog, checkpoint)).resolves.toBeUndefined();
    await expect(
      proveCheckpoint(eventLog, { ...checkpoint, position: 0n, eventId: undefined }),
    ).resolves.toBeUndefined();
  });

  it('refuses a foreign log, and one without identity, and writes nothing', async () => {
    const { checkpoint } = await lived(3);
    const { eventLog: foreign } = await lived(3);
    const empty = memoryEventLog();
    for (const eventLog of [foreign, empty]) {
      const refused = proveCheckpoint(eventLog, checkpoint);
      await expect(refused).rejects.toBeInstanceOf(StartRefused);
      await expect(refused).rejects.toThrow(/^The event log is not the one [^.]*\.$/);
    }
    expect(empty.events).toEqual([]);
  });

  it('refuses a log that was restored to an earlier day, whether it went on since or not', async () => {
    const { eventLog, checkpoint } = await lived(3);
    for (const elsewhere of [checkpoint.position + 1_000n, checkpoint.position - 1n]) {
      const refused = proveCheckpoint(eventLog, { ...checkpoint, position: elsewhere });
      await expect(refused).rejects.toThrow(/^The event log does not hold [^.]*\.$/);
    }
    const another = proveCheckpoint(eventLog, { ...checkpoint, eventId: anEvent().id });
    await expect(another).rejects.toBeInstanceOf(StartRefused);
  });
});
