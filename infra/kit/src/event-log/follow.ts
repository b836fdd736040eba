import { setTimeout as sleep } from 'node:timers/promises';
import { START } from '@eventstore/db-client';
import type { RecordedEvent } from '@ums/contracts/events/event';
import type { Log } from '../log.js';
import type { EventLog, FollowOptions } from './eventLog.js';
import type { LogAddress } from './logClient.js';
import { type StallOptions, stallWatchdog } from './stallWatchdog.js';
import { toRecorded } from './toRecorded.js';

export interface FollowerOptions {
  address: LogAddress;
  head: StallOptions['head'];
  /** How often a silent subscription is compared with the head; also how long its first sign of life may take. */
  stallCheckMs: number;
  log: Log;
}

/** Events read ahead of the reader at most, here; the rest waits on the server. */
const READ_AHEAD = 256;
const LONGEST_PAUSE_MS = 2_000;
/** A subscription that lived so long was sound: the next loss is the first in its row again. */
const SOUND_MS = 30_000;

type Trouble = 'error' | 'end' | 'stall';

/** One subscription after another, each on a connection of its own, from where the reader stands (F-13). */
export const follower = (options: FollowerOptions): EventLog['follow'] =>
  async function* follow(after, { signal, onTrouble }: FollowOptions) {
    let last = after;
    let attempt = 0;
    while (!signal.aborted) {
      const began = performance.now();
      const subscription = subscribe(options, last, signal);
      try {
        for await (const event of subscription.events) {
          // A server that gives an event again, or an older one, is not believed.
          if (last !== undefined && event.position <= last) continue;
          last = event.position;
          attempt = 0;
          yield event;
        }
      } finally {
        await subscription.end();
      }
      if (signal.aborted) return;
      attempt = performance.now() - began > SOUND_MS ? 1 : attempt + 1;
      const reason = subscription.trouble();
      options.log.warn('subscription lost', { reason, attempt });
      onTrouble?.(reason, attempt);
      await pause(attempt, signal);
    }
  };

/** The events of one subscription; they end when it does, for whatever reason. */
const subscribe = (
  { address, head, stallCheckMs }: FollowerOptions,
  after: bigint | undefined,
  signal: AbortSignal,
) => {
  const { client, close } = address.open();
  const { credentials } = address;
  const fromPosition = after === undefined ? START : { commit: after, prepare: after };
  const stream = client.subscribeToAll(
    { credentials, requiresLeader: true, fromPosition },
    { highWaterMark: READ_AHEAD },
  );
  let trouble: Trouble = 'end';
  let closing: Promise<void> | undefined;
  const end = (): Promise<void> => {
    clearTimeout(unconfirmed);
    watchdog.stop();
    signal.removeEventListener('abort', end);
    stream.destroy();
    // Destroying the stream leaves its call open; and a reader told to stop may never come back to end it.
    closing ??= close();
    return closing;
  };
  const cut = (reason: Trouble) => {
    trouble = reason;
    void end();
  };
  const unconfirmed = setTimeout(() => cut('stall'), stallCheckMs);
  const watchdog = stallWatchdog({ after, head, everyMs: stallCheckMs, onStall: () => cut('stall') });
  stream.once('confirmation', () => clearTimeout(unconfirmed));
  // The client reports the loss of a connection without ending the stream, and again after it was destroyed.
  stream.on('error', () => stream.destroyed || cut('error'));
  signal.addEventListener('abort', end, { once: true });

  async function* events(): AsyncGenerator<RecordedEvent> {
    const iterator = stream[Symbol.asyncIterator]();
    for (;;) {
      watchdog.waiting();
      const next = await iterator.next().catch(() => undefined);
      if (next === undefined || next.done) return;
      const event = toRecorded(next.value);
      watchdog.given(event.position);
      yield event;
    }
  }

  return { events: events(), trouble: () => trouble, end };
};

const pause = async (attempt: number, signal: AbortSignal): Promise<void> => {
  const ms = Math.min(50 * 2 ** attempt, LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2);
  await sleep(ms, undefined, { signal }).catch(() => signal.aborted);
};
