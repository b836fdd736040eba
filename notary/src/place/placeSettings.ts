import { type Environment, integer, optional, type Reader, text } from '@ums/kit/env';
import { InvalidSetting } from '@ums/kit/invalidSetting';

/** The settings of the places of checkpoints. There is a folder, a bucket or both. */
export const placeSettings = () => ({
  CHECKPOINT_DIR: folderUnless('CHECKPOINT_BUCKET'),
  CHECKPOINT_BUCKET: optional(text()),
  CHECKPOINT_LOCK_DAYS: optional(integer({ min: 1, max: 36_500 })),
});

const folderUnless = (other: string): Reader<string | undefined> => ({
  read: (name, env: Environment) => {
    const folder = optional(text()).read(name, env);
    if (folder === undefined && optional(text()).read(other, env) === undefined)
      throw new InvalidSetting(`or ${other} must be set: signed checkpoints need a place`);
    return folder;
  },
});
