import { REPLACEABLE, type ReplaceableKey } from '@ums/embedded/dataFolder/secrets';
import { StartRefused } from '@ums/kit/startRefused';

/** What an operator does with keys. */
export type KeysOrder =
  | { command: 'rewrap' }
  | { command: 'rewrite-addresses' }
  | { command: 'new'; name: ReplaceableKey };

const USAGE = `Usage: npm run -s keys -- new MASTER_KEY | ADDRESS_KEY
       npm run -s keys -- rewrap
       npm run -s keys -- rewrite-addresses`;

/** Reads the arguments of `npm run keys`. @throws StartRefused with the usage */
export const readKeysOrder = ([command, name, ...others]: readonly string[]): KeysOrder => {
  if (others.length === 0) {
    if ((command === 'rewrap' || command === 'rewrite-addresses') && name === undefined) return { command };
    const replaceable = REPLACEABLE.find((known) => known === name);
    if (command === 'new' && replaceable !== undefined) return { command, name: replaceable };
  }
  throw new StartRefused(USAGE);
};
