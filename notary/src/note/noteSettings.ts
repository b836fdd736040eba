import { optional, secret, text } from '@ums/kit/env';
import { validated } from '@ums/kit/validated';
import { anyKeyOf, FORMER_KEY_FAULT, KEY_FAULT, secretKeyOf } from './keyForms.js';
import { isKeyName, KEY_NAME_FAULT } from './notaryKeys.js';

/** The settings of the keys that sign checkpoints, and of their name. */
export const noteSettings = () => ({
  NOTARY_KEY: validated(secret(), (key) => secretKeyOf(key) !== undefined, KEY_FAULT),
  NOTARY_KEY_PREVIOUS: optional(validated(secret(), (key) => anyKeyOf(key) !== undefined, FORMER_KEY_FAULT)),
  /** @default `ums/` and the identity of the log */
  NOTARY_ORIGIN: optional(validated(text(), isKeyName, KEY_NAME_FAULT)),
});
