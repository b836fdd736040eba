import { optional, secret } from '@ums/kit/env';
import { type MasterKeys, masterKeys } from '@ums/kit/sealing/masterKeys';

const KEY_BYTES = 32;

/** The settings of every holder of the master key. */
export const masterKeySettings = () => ({
  MASTER_KEY: secret({ bytes: KEY_BYTES }),
  /** While MASTER_KEY is being replaced: the other one of the two keys. */
  MASTER_KEY_PREVIOUS: optional(secret({ bytes: KEY_BYTES })),
});

export interface MasterSecrets {
  MASTER_KEY: Buffer;
  MASTER_KEY_PREVIOUS?: Buffer | undefined;
}

/** The secret that wraps, then the one that only unwraps. */
export const masterSecrets = ({ MASTER_KEY, MASTER_KEY_PREVIOUS }: MasterSecrets): [Buffer, ...Buffer[]] =>
  MASTER_KEY_PREVIOUS === undefined ? [MASTER_KEY] : [MASTER_KEY, MASTER_KEY_PREVIOUS];

/** Wraps with MASTER_KEY and unwraps with either. */
export const configuredMasterKeys = (config: MasterSecrets): MasterKeys => {
  const [current, ...previous] = masterSecrets(config);
  return masterKeys(current, previous);
};
