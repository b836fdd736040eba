import { optional, secret, text } from '@ums/kit/env';
import { validated } from '@ums/kit/validated';
import { FORMER_KEYS_FAULT, formerKeysOf, KEY_FAULT, secretKeyOf } from './keyForms.js';
import { isKeyName, KEY_NAME_FAULT } from './notaryKeys.js';

/** The settings of the keys that sign checkpoints, and of their name. */
export const noteSettings = () => ({
  NOTARY_KEY: validated(secret(), (key) => secretKeyOf(key) !== undefined, KEY_FAULT),
  NOTARY_KEY_PREVIOUS: optional(validated(secret(), (keys) => formerKeysOf(keys) !== undefined, FORMER_KEYS_FAULT)),
  /** @default `ums/` and the identity of the log */
  NOTARY_ORIGIN: optional(validated(text(), isKeyName, KEY_NAME_FAULT)),
});
