import { isErased } from '@ums/contracts/personal';
import { addressMac } from '@ums/identity/addressMac';
import type { FactDeps } from '../account/factDeps.js';
import type { UserMailBlocks } from '../account/mailBlockRow.js';
import type { RegisteredUser } from '../user/userState.js';

/** The addresses of a user that get no mail. `undefined` when they cannot be unsealed: in a restored vault without the data key. */
export const userMailBlocks = (
  { addressKey }: Pick<FactDeps, 'addressKey'>,
  { email, mailBlocks }: Pick<RegisteredUser, 'email' | 'mailBlocks'>,
): UserMailBlocks | undefined =>
  isErased(email)
    ? undefined
    : {
        current: addressMac(addressKey, email),
        blocked: [...mailBlocks].map(([address, kind]) => ({ mac: addressMac(addressKey, address), kind })),
      };
