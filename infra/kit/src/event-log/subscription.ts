import type { RecordedEvent } from '@ums/contracts/events/event';
import { type CatchUpOptions, catchUp } from './catchUp.js';
import type { FollowOptions } from './eventLog.js';
import type { EndCause } from './liveTail.js';
import type { JoinTail } from './sharedTail.js';

export interface SubscriptionOptions extends CatchUpOptions {
  joinTail: JoinTail;
}

export interface Subscription {
  /** Ends when the subscription ends, for any cause. */
  events: AsyncGenerator<RecordedEvent>;
  endCause(): EndCause;
  end(): Promise<void>;
}

/**
 * The events after a position (exclusive): page by page up to the head, then from the live end, which the followers of this
 * process share. A reader too slow for that reads pages again.
 */
export const subscribe = (
  { joinTail, ...pageOptions }: SubscriptionOptions,
  after: bigint | undefined,
  { signal, onPage }: FollowOptions,
): Subscription => {
  let cause: EndCause = { reason: 'end' };
  let ending: Promise<void> | undefined;
  /** Ends what the events come from at the moment. May be called again. */
  let endSource: () => Promise<void> = async () => undefined;

  const end = (): Promise<void> => {
    signal.removeEventListener('abort', end);
    ending ??= endSource();
    return ending;
  };
  const endWith = (endCause: EndCause): void => {
    if (ending !== undefined) return;
    cause = endCause;
    void end();
  };
  signal.addEventListener('abort', end, { once: true });

  async function* events(): AsyncGenerator<RecordedEvent> {
    let last = after;
    try {
      while (ending === undefined) {
        const { pages, close } = catchUp(pageOptions, last);
        endSource = close;
        for await (const page of pages) {
          const reached = page.at(-1)?.position;
          if (reached === undefined) continue;
          onPage?.(last, reached);
          yield* page;
          last = reached;
        }
        void close();
        if (ending !== undefined) return;
        const tail = joinTail(last);
        endSource = tail.leave;
        for (let next = await tail.after(last); next !== 'behind'; next = await tail.after(last)) {
          if (next === 'ended') return endWith(tail.endCause());
          yield* next;
          const reached = next.at(-1)?.position;
          // A late event is older than what was read before it.
          if (last === undefined || (reached ?? last) > last) last = reached;
        }
        void tail.leave();
      }
    } catch (error) {
      endWith({ reason: 'error', error });
    }
  }
  return { events: events(), endCause: () => cause, end };
};
