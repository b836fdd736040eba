import { type SharedSlot, type SharedSlots, sharedSlots } from '@ums/kit/queue/sharedSlots';

/** `keep` is called once the body has arrived: another sender cannot take the slot over after that. */
export type UploadSlot = SharedSlot;
export type UploadSlots = SharedSlots;

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

/**
 * Bounds how many uploads are received and kept at once, in all and by sender: a source or a user. `take` throws Refused
 * `too-many-uploads` when a sender has all of its slots, and `busy` when all slots are taken.
 *
 * While all slots are taken, they pass to who used them least: of 16 slots, four sources keep all for 4 s of a window of ten
 * minutes, a hundred for a minute and a half, and 640 for ever. An honest sender loses a slot only while all are taken, if it
 * is slow or one of many behind an address; it may repeat the request. No least rate is demanded: an attacker would send just
 * as fast, and a phone on a bad line could not.
 */
export const uploadSlots = ({ most, mostPerSender, now }: UploadBounds): UploadSlots =>
  sharedSlots({
    ...{ most, work: 'uploads', leadMs: LEAD_MS, retryAfterSeconds: RETRY_AFTER_SECONDS },
    perHolder: { most: mostPerSender, tooMany: 'too-many-uploads' },
    ...(now !== undefined && { now }),
  });
