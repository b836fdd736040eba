import type { SealedPlace } from './sealing.js';

/**
 * The place at which the last address of an erased user is sealed: a row of the vault's table `farewell`, under a data key of
 * its own whose subject is the row's id. command-api seals it and the notifier opens it.
 */
export const erasureNoticePlace = (noticeId: string): SealedPlace => ({
  subject: noticeId,
  storedType: 'farewell',
  eventId: noticeId,
  field: 'address',
});
