import { afterAll, beforeAll, describe } from '@jest/globals';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { appendContract } from './appends.js';
import { followContract } from './follows.js';
import { maximumAgeContract } from './maximumAges.js';
import { readContract } from './reads.js';

/** Tests that every implementation of `EventLog` must pass, the in-memory one included. */
export const eventLogContract = (
  name: string,
  open: () => Promise<{ eventLog: EventLog; close(): Promise<void> }>,
): void => {
  describe(`${name} as an event log`, () => {
    let eventLog: EventLog;
    let close: () => Promise<void>;
    beforeAll(async () => ({ eventLog, close } = await open()));
    afterAll(() => close());

    for (const contract of [appendContract, readContract, followContract, maximumAgeContract]) contract(() => eventLog);
  });
};
