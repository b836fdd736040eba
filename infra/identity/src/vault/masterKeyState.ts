import { StartRefused } from '@ums/kit/startRefused';
import type pg from 'pg';
import { opens, type Secret } from './checkValue.js';

export const MASTER_KEY = 'MASTER_KEY';
/** Name of the check value of the key that replaces the vault's, from the first start with it until no data key names the old one. */
export const MASTER_KEY_NEXT = 'MASTER_KEY_NEXT';

/**
 * Where a vault is on the way from one master key to the next. `new-vault`: it has no check value. `in-use`: the key is the
 * vault's. `to-be-replaced`: the previous key is the vault's. `being-replaced`: the vault has data keys of both.
 */
export interface MasterKeyState {
  state: 'new-vault' | 'in-use' | 'to-be-replaced' | 'being-replaced';
  /** The check value of the vault's key, as stored. */
  value?: string | undefined;
}

const NOT_THE_SECRET = 'MASTER_KEY is not the secret this vault was made with.';
const BOTH_NEEDED =
  'MASTER_KEY is being replaced: give both keys, one of them as MASTER_KEY_PREVIOUS, until npm run -s keys -- rewrap has finished.';

/** @throws StartRefused with one sentence when these are not the keys that the vault needs. */
export const masterKeyState = async (
  vault: pg.Pool,
  secret: Secret,
  previous: readonly Secret[],
): Promise<MasterKeyState> => {
  const { rows } = await vault.query<{ name: string; value: string }>({
    name: 'find-master-key-check-values',
    text: 'select name, value from secret_check where name in ($1, $2)',
    values: [MASTER_KEY, MASTER_KEY_NEXT],
  });
  const valueNamed = (name: string) => rows.find((row) => row.name === name)?.value;
  const [value, next] = [valueNamed(MASTER_KEY), valueNamed(MASTER_KEY_NEXT)];
  if (value === undefined) return { state: 'new-vault' };
  const isKnown = (name: string, stored: string) => [secret, ...previous].some((key) => opens(key, name, stored));
  const [knowsCurrent, knowsNext] = [isKnown(MASTER_KEY, value), next === undefined || isKnown(MASTER_KEY_NEXT, next)];
  if (!knowsCurrent && (next === undefined || !knowsNext)) throw new StartRefused(NOT_THE_SECRET);
  if (!knowsCurrent || !knowsNext) throw new StartRefused(BOTH_NEEDED);
  if (next !== undefined) return { state: 'being-replaced', value };
  return { state: opens(secret, MASTER_KEY, value) ? 'in-use' : 'to-be-replaced', value };
};
