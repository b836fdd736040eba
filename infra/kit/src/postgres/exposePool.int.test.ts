import { expect, it } from '@jest/globals';
import { testDatabase } from '../../../embedded/test/postgres.js';
import { PATIENT_MS } from '../../test/patientMs.js';
import { until } from '../../test/until.js';
import { silentLog } from '../log.js';
import { metricsText } from '../metrics.js';
import { exposePool } from './exposePool.js';
import { createPool } from './pool.js';

const NAME = 'db_client_connection_pool_name="pool of a test"';

const valueNamed = async (metric: string, state?: string): Promise<number | undefined> => {
  const labels = state === undefined ? NAME : `${NAME},db_client_connection_state="${state}"`;
  const lines = (await metricsText()).text.split('\n');
  const line = lines.find((each) => each.startsWith(`db_client_connection_${metric}{${labels}} `));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
};

it('exposePool shows used and idle connections and waiting callers until the pool ends', async () => {
  const database = await testDatabase();
  const options = { url: database.url, applicationName: 'test', max: 2, log: silentLog };
  // It also limits how long the third caller waits.
  const pool = createPool({ ...options, connectTimeoutMs: PATIENT_MS });
  exposePool(pool, 'pool of a test');
  expect(await valueNamed('max')).toBe(2);
  const [first, second] = [await pool.connect(), await pool.connect()];
  const third = pool.connect();
  await until(async () => (await valueNamed('pending_requests')) === 1);
  expect([await valueNamed('count', 'used'), await valueNamed('count', 'idle')]).toEqual([2, 0]);
  first.release();
  second.release();
  (await third).release();
  expect(await valueNamed('pending_requests')).toBe(0);
  expect([await valueNamed('count', 'used'), await valueNamed('count', 'idle')]).toEqual([0, 2]);
  await pool.end();
  expect(await valueNamed('max')).toBeUndefined();
  await database.drop();
});
