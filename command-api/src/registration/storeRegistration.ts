import { randomUUID } from 'node:crypto';
import type { RegistrationEvent } from '@ums/contracts/events/registration';
import type { Locale } from '@ums/contracts/locale';
import { uploadKey } from '@ums/contracts/pictureKeys';
import { registrationStream } from '@ums/contracts/streams';
import { addressMac } from '@ums/identity/addressMac';
import { waitAfterLog } from '@ums/kit/event-log/afterLogTimeout';
import { NO_STREAM } from '@ums/kit/event-log/eventLog';
import { isNotAppended } from '@ums/kit/event-log/isNotAppended';
import { appendFacts } from '@ums/kit/facts/appendFacts';
import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import { newDataKey } from '@ums/kit/sealing/sealing';
import { silenceRegistration, withdrawRegistration } from '../account/registrationRemoval.js';
import type { NewRegistration } from '../account/registrationRow.js';
import type { CountedMail } from '../limits/credentialLimits.js';
import type { PictureUpload } from '../picture/pictureUpload.js';
import { storeUpload } from '../picture/submitPicture.js';
import { userIdOf } from '../user/derivedIds.js';
import type { RegistrationDeps } from './registrationDeps.js';

const REGISTRATION_LIFE_MS = 24 * 3_600_000;

/** What a user is to be registered with. */
export interface Requested {
  email: string;
  name: string;
  passwordHash: string;
  /** Language of mails. */
  locale: Locale;
  picture?: PictureUpload | undefined;
}

/**
 * Stores a registration and appends its event.
 *
 * If it fails, its mail counts no more. The registration ends if nothing was appended. If the event may be in the log, a link that was
 * mailed before the failure stays valid, and nothing is mailed later.
 *
 * @param add inserts row and key into the vault; the mail that it counted is given back after a failure.
 * @throws LogUnavailable; DependencyUnavailable while a picture cannot be stored; what `add` throws.
 */
export const storeRegistration = async (
  deps: RegistrationDeps,
  { email, name, passwordHash, locale, picture }: Requested,
  origin: RequestOrigin,
  add: (registration: NewRegistration) => Promise<CountedMail | undefined>,
): Promise<NewRegistration> => {
  const mac = addressMac(deps.addressKey, email);
  const id = randomUUID();
  const dataKey = newDataKey();
  const expiresAt = new Date(deps.clock.now().getTime() + REGISTRATION_LIFE_MS);
  const registration = { id, addressMac: mac, expiresAt, key: deps.masterKeys.wrap(id, dataKey) };
  const mail = await add(registration);
  deps.crashPoint?.('registration-stored');
  let isSent = false;
  const takeBack = async (error: unknown): Promise<void> => {
    const end = isSent && !isNotAppended(error) ? silenceRegistration : withdrawRegistration;
    if (await end(deps.vault, id)) await mail?.giveBack();
  };
  try {
    const pictureId = picture === undefined ? null : await storePicture(deps, id, picture);
    isSent = true;
    await appendFacts<RegistrationEvent>(deps, {
      stream: registrationStream(id),
      events: [{ type: 'RegistrationRequested', data: { email, name, passwordHash, pictureId, locale } }],
      expected: NO_STREAM,
      cause: causedBy(origin, { kind: 'anonymous' }),
      dataKey,
    });
  } catch (error) {
    // Repeats during an outage would else use up the mails of the address, and the row would hide earlier registrations.
    await waitAfterLog(takeBack(error));
    throw error;
  }
  return registration;
};

/** Stores it before the event that names it. If that is not appended, `sweepUploads` deletes it. @returns the id of the picture */
const storePicture = async (
  deps: RegistrationDeps,
  registrationId: string,
  picture: PictureUpload,
): Promise<string> => {
  const pictureId = randomUUID();
  await storeUpload(deps.objects, uploadKey(userIdOf(registrationId), { pictureId, registrationId }), picture);
  return pictureId;
};
