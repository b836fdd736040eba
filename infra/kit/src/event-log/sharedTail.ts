import { type LiveTailOptions, openLiveTail, type TailReader } from './liveTail.js';

/** The subscriptions of this process, by the URL of their log and the time after which they count as stalled. */
const tails = new Map<string, ReturnType<typeof openLiveTail>>();

/** Joins the live end of a log. `from` is the position of the last event that the caller has read. */
export type JoinTail = (from: bigint | undefined) => TailReader;

/**
 * One subscription for all followers of one log in this process: an event is sent, received and parsed once. The first
 * follower that has caught up opens it; a reader that it is ahead of reads pages until it is not.
 *
 * @param onChange called before a subscription is opened, and when one that this follower has opened has ended: from then on,
 * another log may answer.
 */
export const sharedTail = (url: string, options: LiveTailOptions, onChange: () => void): JoinTail => {
  const key = `${options.stallCheckMs} ${url}`;
  return (from) => {
    const end = (): void => {
      tails.delete(key);
      onChange();
    };
    if (!tails.has(key)) onChange();
    const tail = tails.get(key) ?? openLiveTail(options, from, end);
    tails.set(key, tail);
    return tail.join();
  };
};
