import { principalOf } from '@ums/identity/principal';
import { closeWhenLost } from '@ums/kit/http/connection/closeWhenLost';
import { responseOf } from '@ums/kit/http/request/responseOf';
import { type SharedSlots, sharedSlots } from '@ums/kit/queue/sharedSlots';
import type { Request } from 'express';

/** The proof of an event takes a hundred microseconds of the processor, and nothing bounds how often somebody signs in. */
const MOST = 4;
const MOST_PER_READER = 2;
/** Most proofs are sent in less. */
const LEAD_MS = 10_000;

/** Slots for proofs of histories, which pass to who used them least. */
export const proofSlots = (): SharedSlots =>
  sharedSlots({
    ...{ most: MOST, work: 'proofs of histories', leadMs: LEAD_MS, retryAfterSeconds: 5 },
    perHolder: { most: MOST_PER_READER, tooMany: 'busy' },
  });

/**
 * Makes and sends a proof as one of few at a time. The connection closes when another reader takes the slot over.
 *
 * @throws Refused `busy`, and what sending throws
 */
export const inProofSlot = async (
  { proofSlots: slots }: { proofSlots: SharedSlots },
  request: Request,
  send: () => Promise<void>,
): Promise<void> => {
  const slot = slots.take(principalOf(request).userId);
  try {
    closeWhenLost(responseOf(request), slot.lost);
    await send();
  } finally {
    slot.free();
  }
};
