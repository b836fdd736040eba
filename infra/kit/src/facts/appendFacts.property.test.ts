import { randomUUID } from 'node:crypto';
import { describe, it } from '@jest/globals';
import { type DomainEvent, EVENTS } from '@ums/contracts/events/event';
import type { Field } from '@ums/contracts/events/fields';
import { userStream } from '@ums/contracts/streams';
import fc from 'fast-check';
import { memoryEventLog } from '../../test/memoryEventLog.js';
import { NO_STREAM } from '../event-log/eventLog.js';
import { masterKeys } from '../sealing/masterKeys.js';
import { newDataKey } from '../sealing/sealing.js';
import { appendFacts } from './appendFacts.js';

/** Marks what a person wrote, so that it is found inside other text. */
const typed = fc.string({ minLength: 4, maxLength: 60 }).map((text) => `canary ${text}`);

/** A value of a field's form: text for personal fields, and of the others whichever of these the field takes. */
const sampleFor = (field: Field<unknown>, text: string): unknown =>
  [text, randomUUID(), 'admin', ['user'], 1, ...WORDS].find((value) => field.read(value) !== undefined);

const WORDS = ['logout', 'confirm-registration', 'damaged', 'de', 'history', 'withdrawn', 'bounce', 'requested'];

describe('appendFacts', () => {
  it.each(Object.entries(EVENTS))('G-01 stores no personal value of %s in clear', async (type, { fields }) => {
    await fc.assert(
      fc.asyncProperty(typed, typed, async (text, reason) => {
        const eventLog = memoryEventLog();
        const userId = randomUUID();
        const key = newDataKey();
        const keys = {
          fetch: async () => new Map([[userId, key]]),
          fresh: async () => new Map(),
          evict: () => undefined,
        };
        const data = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, sampleFor(field, text)]));
        await appendFacts(
          { eventLog, keys, masterKeys: masterKeys('a master key of the tests'), clock: { now: () => new Date(0) } },
          {
            stream: userStream(userId),
            events: [{ type, data } as DomainEvent],
            expected: NO_STREAM,
            cause: {
              ...{ correlationId: randomUUID(), causationId: randomUUID(), actor: { kind: 'user', id: userId } },
              ...{ reason, source: { ip: text, userAgent: reason } },
            },
          },
        );
        const [stored] = eventLog.events;
        const shown = JSON.stringify([stored?.type, stored?.data, stored?.metadata]);
        return stored !== undefined && !shown.includes('canary');
      }),
      { numRuns: 25 },
    );
  });
});
