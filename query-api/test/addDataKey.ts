import { randomUUID } from 'node:crypto';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import { newDataKey } from '@ums/kit/sealing/sealing';
import { MASTER_KEY, type World } from './world.js';

/** Gives a new user a data key, as a registration does. @returns the user's id */
export const addDataKey = async ({ vault }: Pick<World, 'vault'>): Promise<string> => {
  const userId = randomUUID();
  const { wrapped, masterKeyId } = masterKeys(MASTER_KEY).wrap(userId, newDataKey());
  const insert = 'insert into data_key (subject, wrapped, master_key_id) values ($1, $2, $3)';
  await vault.query(insert, [userId, wrapped, masterKeyId]);
  return userId;
};
