import { oneOf, type Reader } from '@ums/kit/env';
import { isProduction } from '@ums/kit/productionMode';
import { HASH_CHOICES, type HashChoice, STRONG_HASHES } from './hashScheme.js';

/** Reads the hash of new passwords. Where `NODE_ENV` is `production`, as in the image, a cheap one is refused. @default bcrypt:12 */
export const hashSetting = (): Reader<HashChoice> => ({
  read: (name, env) => oneOf<HashChoice>(isProduction(env) ? STRONG_HASHES : HASH_CHOICES, 'bcrypt:12').read(name, env),
});
