import { describe, expect, it } from '@jest/globals';
import { memoryEventLog } from '../../test/memoryEventLog.js';
import { anEvent, aStream } from '../../test/sampleEvents.js';
import { StartRefused } from '../startRefused.js';
import { type Checkpoint, verifyCheckpoint } from './checkpoint.js';
import { NO_STREAM } from './eventLog.js';
import { logIdentity } from './logIdentity.js';

/** A log with some events, and the checkpoint at its end. */
const logWith = async (events: number) => {
  const eventLog = memoryEventLog();
  const logId = await logIdentity(eventLog);
  for (let count = 0; count < events; count++) await eventLog.append(aStream(), [anEvent()], NO_STREAM);
  const last = eventLog.events.at(-1);
  const checkpoint: Checkpoint = { position: last?.position ?? 0n, eventId: last?.id, logId };
  return { eventLog, checkpoint };
};

describe('verifyCheckpoint', () => {
  it('accepts the log of the checkpoint, at its last event and before the first', async () => {
    const { eventLog, checkpoint } = await logWith(3);
    await expect(verifyCheckpoint(eventLog, checkpoint)).resolves.toBeUndefined();
    await expect(
      verifyCheckpoint(eventLog, { ...checkpoint, position: 0n, eventId: undefined }),
    ).resolves.toBeUndefined();
  });

  it('refuses a foreign log and a log without identity, and writes nothing', async () => {
    const { checkpoint } = await logWith(3);
    const { eventLog: foreign, checkpoint: other } = await logWith(3);
    const empty = memoryEventLog();
    for (const [eventLog, found] of [
      [foreign, other.logId],
      [empty, 'no identity'],
    ] as const) {
      const refused = verifyCheckpoint(eventLog, checkpoint);
      await expect(refused).rejects.toBeInstanceOf(StartRefused);
      await expect(refused).rejects.toThrow(
        `The checkpoint was made on event log ${checkpoint.logId}, but the connected event log has ${found}.`,
      );
    }
    expect(empty.events).toEqual([]);
  });

  it('refuses a restored log that lacks the event, whether or not it has grown since', async () => {
    const { eventLog, checkpoint } = await logWith(3);
    for (const position of [checkpoint.position + 1_000n, checkpoint.position - 1n]) {
      const refused = verifyCheckpoint(eventLog, { ...checkpoint, position });
      await expect(refused).rejects.toThrow(/^The event log holds [^.]* at position \d+, [^.]*\.$/);
    }
    const expected = anEvent().id;
    const otherEvent = verifyCheckpoint(eventLog, { ...checkpoint, eventId: expected });
    await expect(otherEvent).rejects.toBeInstanceOf(StartRefused);
    await expect(otherEvent).rejects.toThrow(`holds event ${checkpoint.eventId} at position ${checkpoint.position}`);
    await expect(otherEvent).rejects.toThrow(`expects event ${expected}`);
  });
});
