import type { SealedPlace } from './sealing.js';

/**
 * Where the last address of an erased person is sealed: a row of the vault's `farewell`, under a data key of its own whose
 * subject is the row's id. command-api seals it, the notifier opens it, nobody else can.
 */
export const erasureNoticePlace = (farewellId: string): SealedPlace => ({
  subject: farewellId,
  storedType: 'farewell',
  eventId: farewellId,
  field: 'address',
});
