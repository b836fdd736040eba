import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { testDatabase } from '../../../embedded/test/postgres.js';
import { type FaultProxy, startFaultProxy } from '../../test/faultProxy.js';
import { PATIENT_MS } from '../../test/patientMs.js';
import { isUnavailable } from './errors.js';
import { allowSilence, limitSilence } from './limitSilence.js';

const LIMIT_MS = 200;

let database: Awaited<ReturnType<typeof testDatabase>>;
let proxy: FaultProxy;
let client: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  proxy = await startFaultProxy(Number(new URL(database.url).port), 'other');
});
afterAll(async () => {
  await proxy.close();
  await database.drop();
});
beforeEach(async () => {
  const url = Object.assign(new URL(database.url), { port: String(proxy.port) });
  client = new pg.Client({ connectionString: url.href });
  client.on('error', () => undefined);
  await client.connect();
  limitSilence(client, LIMIT_MS);
});
afterEach(() => client.end());

/** Begins to count anew. Resolves once the connection has been silent for the limit: the event comes once after each silence. */
const silence = (): Promise<unknown> => {
  allowSilence(client, LIMIT_MS);
  return once(client.connection.stream, 'timeout');
};
const errorOf = (text: string): Promise<unknown> => client.query(text).then(undefined, (error: unknown) => error);

describe('limitSilence', () => {
  it('F-16 ends a statement that the server does not answer, and its connection', async () => {
    await proxy.set('swallow-reply');
    const error = await errorOf('select 1');
    expect(error).toEqual(new Error('Query read timeout'));
    expect(isUnavailable(error)).toBe(true);
    expect(await errorOf('select 1')).toBeInstanceOf(Error);
  });

  it('keeps a connection that is silent because it has no work, and still limits its next statement', async () => {
    await silence();
    allowSilence(client, PATIENT_MS);
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await silence();
    await proxy.set('swallow-reply');
    expect(await errorOf('select 1')).toEqual(new Error('Query read timeout'));
  });
});

describe('allowSilence', () => {
  it('lets a statement take longer than the former limit', async () => {
    allowSilence(client, PATIENT_MS);
    expect(await errorOf(`select 1 from pg_sleep(${(LIMIT_MS * 2) / 1_000})`)).toMatchObject({ rowCount: 1 });
    allowSilence(client, LIMIT_MS);
    expect(await errorOf('select 1 from pg_sleep(60)')).toEqual(new Error('Query read timeout'));
  });
});
