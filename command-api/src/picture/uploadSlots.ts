import { Refused } from '@ums/kit/refused';
import { slotTimes } from './slotTimes.js';

export interface UploadSlot {
  /** Aborts when another sender takes the slot over; its reason refuses the upload as `busy`. */
  lost: AbortSignal;
  /** The body has arrived: from now on, nobody takes the slot over. */
  keep(): void;
  /** May be called again. */
  free(): void;
}

export interface UploadSlots {
  /**
   * @param sender the source or user that uploads
   * @throws Refused `too-many-uploads` when this sender has all of its slots, `busy` when all slots are taken
   */
  take(sender: string): UploadSlot;
}

export interface UploadBounds {
  most: number;
  /** A sender that is slow must not keep others from sending. */
  mostPerSender: number;
  /** A monotonic clock in milliseconds. */
  now?: () => number;
}

/**
 * The uploads of the routes. Anonymous clients and users share none: whoever has many sources could else stop the uploads of
 * all users. Each upload of 5 MB lies in the temporary folder, which docker-compose.yml sizes for all of them.
 */
export const uploadPools = () => ({
  anonymous: uploadSlots({ most: 16, mostPerSender: 4 }),
  users: uploadSlots({ most: 32, mostPerSender: 2 }),
});

/** A phone that sends 140 kB/s needs this long for a picture of 2 MB. */
const LEAD_MS = 15_000;
const RETRY_AFTER_SECONDS = 5;

const busy = (): Refused => new Refused('busy', { retryAfterSeconds: RETRY_AFTER_SECONDS });

interface HeldSlot {
  sender: string;
  since: number;
  lost: AbortController;
  isReceiving: boolean;
}

/**
 * Bounds how many uploads are received and kept at once, in all and by sender.
 *
 * While all slots are taken, a sender takes one over from the sender that has used slots for the longest time, if that is at
 * least 15 s longer than itself. What counts is the time in a window of ten minutes, of all slots of a sender together, so
 * neither sending slowly nor starting over keeps the slots from others: of 16 slots, four sources keep all for 4 s of a
 * window, a hundred for a minute and a half, and 640 for ever. An honest sender loses a slot only while all are taken, if it
 * is slow or one of many behind an address; it may repeat the request. No least rate is demanded: an attacker would send just
 * as fast, and a phone on a bad line could not.
 */
export const uploadSlots = ({ most, mostPerSender, now = () => performance.now() }: UploadBounds): UploadSlots => {
  /** Oldest first. */
  const held = new Set<HeldSlot>();
  const times = slotTimes();

  /** The oldest slot of the sender that has used slots for the longest time, if that is long enough to lose it to `sender`. */
  const slotFor = (sender: string, time: number): HeldSlot | undefined => {
    const leastMs = times.usedMs(sender, held, time) + LEAD_MS;
    let longestMs = 0;
    let found: HeldSlot | undefined;
    for (const slot of held) {
      const usedMs = times.usedMs(slot.sender, held, time);
      if (!slot.isReceiving || usedMs < leastMs || usedMs <= longestMs) continue;
      longestMs = usedMs;
      found = slot;
    }
    return found;
  };
  const remove = (slot: HeldSlot): void => {
    if (held.delete(slot)) times.add(slot, now());
  };

  return {
    take: (sender) => {
      const time = now();
      if ([...held].filter((slot) => slot.sender === sender).length >= mostPerSender)
        throw new Refused('too-many-uploads', { retryAfterSeconds: RETRY_AFTER_SECONDS });
      if (held.size >= most) {
        const other = slotFor(sender, time);
        if (other === undefined) throw busy();
        remove(other);
        other.lost.abort(busy());
      }
      const slot: HeldSlot = { sender, since: time, lost: new AbortController(), isReceiving: true };
      held.add(slot);
      return {
        lost: slot.lost.signal,
        keep: () => {
          slot.isReceiving = false;
        },
        free: () => remove(slot),
      };
    },
  };
};
