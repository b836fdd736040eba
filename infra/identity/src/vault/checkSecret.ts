import { StartRefused } from '@ums/kit/startRefused';
import type pg from 'pg';
import { opens, readCheckValue, type Secret, sealCheckValue, writeCheckValue } from './checkValue.js';

/**
 * Detects a wrong secret at start instead of at the first request: opens the check value that was sealed with the vault's
 * secret. If there is no check value yet, the owner of the table writes it; other roles accept any secret until then.
 *
 * @param name of the secret in the environment, and of its check value.
 * @param previous secrets that this one replaces: a check value of one of these is replaced by one of the current secret.
 * @throws StartRefused with the name of the secret, never its value.
 */
export const checkSecret = async (
  pool: pg.Pool,
  name: string,
  secret: Secret,
  previous: readonly Secret[] = [],
): Promise<void> => {
  const found = (await readCheckValue(pool, name)) ?? (await writeCheckValue(pool, name, secret));
  if (found === undefined || opens(secret, name, found)) return;
  if (!previous.some((old) => opens(old, name, found)))
    throw new StartRefused(`${name} is not the secret this vault was made with.`);
  await pool.query({
    name: 'replace-check-value',
    text: 'update secret_check set value = $2 where name = $1 and value = $3',
    values: [name, sealCheckValue(secret, name), found],
  });
};
