import type { RegisterRequest } from '@ums/contracts/http/registration';
import { DEFAULT_LOCALE, type Locale } from '@ums/contracts/locale';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import { addRegistration } from '../account/registrationRow.js';
import type { PictureUpload } from '../picture/pictureUpload.js';
import type { RegistrationDeps } from './registrationDeps.js';
import { registrationInput } from './registrationInput.js';
import { storeRegistration } from './storeRegistration.js';

export interface RegistrationExtras {
  /** Language of mails. */
  locale?: Locale;
  /** Is processed once the registration is confirmed. */
  picture?: PictureUpload | undefined;
}

/**
 * Stores a registration to be confirmed. The work is the same for every address, taken or free: one hash, one vault row,
 * one event, and the picture if one was sent (E-01, E-03). Over the mail limit that counts all sources the work is the same
 * too, but no mail is sent.
 *
 * @throws Refused `validation-failed`, `busy`, `too-many-attempts` when this source caused too many mails; LogUnavailable;
 * DependencyUnavailable while a picture cannot be stored.
 */
export const register = async (
  deps: RegistrationDeps,
  request: RegisterRequest,
  origin: RequestOrigin,
  { locale = DEFAULT_LOCALE, picture }: RegistrationExtras = {},
): Promise<void> => {
  const { email, name, password } = registrationInput(deps.passwords, request);
  const passwordHash = await deps.passwords.hash(password, {
    purpose: 'registration',
    source: origin.source.bucket,
  });
  const requested = { email, name, passwordHash, locale, picture };
  await storeRegistration(deps, requested, origin, (registration) =>
    deps.limits.allowMail(
      { addressMac: registration.addressMac, kind: 'registration' },
      origin.source.bucket,
      (count) => addRegistration(deps.vault, registration, count),
    ),
  );
};
