import { setTimeout as sleep } from 'node:timers/promises';
import type { AllStreamSubscription, StreamSubscription } from '@eventstore/db-client';
import { describeError, type FoundEvent } from './describeResult.js';
import { labelOf } from './readEvents.js';

/** Polls until the condition is true or the time has passed: that events are missing is a result, too. */
export const waitFor = async (condition: () => boolean, timeoutMs = 8000): Promise<void> => {
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline && !condition(); ) await sleep(15);
};

/** Records what a subscription emits. `marks` are its state changes; the caught-up mark has the count of events before it. */
export const observeSubscription = (subscription: StreamSubscription | AllStreamSubscription) => {
  const events: FoundEvent[] = [];
  const seen: string[] = [];
  const marks: string[] = [];
  const errors: unknown[] = [];
  const emitter = subscription as StreamSubscription;
  emitter.on('confirmation', () => marks.push('confirmation'));
  emitter.on('caughtUp', () => marks.push(`caughtUp@${seen.length}`));
  emitter.on('fellBehind', () => marks.push('fellBehind'));
  emitter.on('error', (error) => errors.push(describeError(error)));
  emitter.on('end', () => marks.push('end'));
  emitter.on('close', () => marks.push('close'));
  emitter.on('data', (event) => {
    const found = event as FoundEvent;
    events.push(found);
    seen.push(labelOf(found));
  });
  return {
    events,
    seen,
    marks,
    errors,
    result: () => ({ seen, marks, errors }),
    /** Waits until the subscription has caught up or failed. */
    caughtUp: () => waitFor(() => marks.some((mark) => mark.startsWith('caughtUp')) || errors.length > 0),
    hasSeen: (count: number, timeoutMs?: number) => waitFor(() => seen.length >= count, timeoutMs),
    hasFailed: () => waitFor(() => errors.length > 0),
    /** Waits until the end of a subscription that was ended, which one that has failed does not report. */
    closed: () => waitFor(() => marks.includes('close') || errors.length > 0),
  };
};
