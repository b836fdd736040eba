import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { userStream } from '@ums/contracts/streams';
import { ANY } from '@ums/kit/event-log/eventLog';
import { silentLog } from '@ums/kit/log';
import { metricsText } from '@ums/kit/metrics';
import { testEventStore } from '../../infra/embedded/test/eventStore.js';
import { execute, testDatabase } from '../../infra/embedded/test/postgres.js';
import { testVault } from '../../infra/identity/test/vault.js';
import { patientEventLog } from '../../infra/kit/test/patientEventLog.js';
import { until } from '../../infra/kit/test/until.js';
import { anEvent } from '../test/world.js';
import { type NotaryConfig, readConfig } from './config.js';
import { parseNotes } from './note/signedNote.js';
import { CHECKPOINT_FILE } from './place/filePlace.js';
import { type RunningNotary, startNotary } from './service.js';

const OPTIONS = { log: silentLog, times: { grownSeconds: 0, anywaySeconds: 1e9 }, everyMs: 5 };
const UP = { log: 'up', postgres: 'up', tree: 'up', checkpoints: 'up' };

describe('startNotary', () => {
  let folder: string;
  let store: Awaited<ReturnType<typeof testEventStore>>;
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let vault: Awaited<ReturnType<typeof testVault>>;
  let config: NotaryConfig;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ums-notary-'));
    [store, database, vault] = await Promise.all([testEventStore(), testDatabase('users'), testVault()]);
    config = readConfig({
      EVENTSTORE_URL: store.url,
      DATABASE_URL: database.url,
      VAULT_DATABASE_URL: vault.url,
      NOTARY_KEY: randomBytes(32).toString('base64'),
      CHECKPOINT_DIR: folder,
    });
  });
  afterAll(async () => {
    await store.close();
    await Promise.all([database.drop(), vault.close()]);
    await rm(folder, { recursive: true });
  });

  const sizes = async (): Promise<number[]> => {
    const text = await readFile(join(folder, CHECKPOINT_FILE), 'utf8').catch(() => '');
    return parseNotes(text).map(({ head }) => head.size);
  };
  const append = async (count: number): Promise<void> => {
    const eventLog = patientEventLog(store.url);
    for (let added = 0; added < count; added++)
      await eventLog.append(userStream(randomUUID()), [anEvent('UserRenamed')], ANY);
    await eventLog.close();
  };

  it('signs the log, and says how it stands', async () => {
    const notary = await startNotary(config, OPTIONS);
    await append(20);
    await until(async () => (await sizes()).at(-1) === 21);
    expect(await notary.readiness()).toEqual({ ready: true, checks: UP });
    expect(notary.verifierKeys).toEqual([
      expect.stringMatching(/^ums\/[0-9a-f-]{36}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/),
    ]);
    // What the file shows is counted a moment later.
    let text = '';
    await until(async () => {
      ({ text } = await metricsText());
      return text.includes('ums_notary_place_up{place="file"} 1') && /^ums_notary_receipts_up 1$/m.test(text);
    });
    expect(text).toMatch(/^ums_notary_checkpoint_age_seconds \d/m);
    expect(text).toMatch(/^ums_notary_lag_events 0$/m);
    await notary.close();
  });

  it('continues after a restart with another key, while the former one is named', async () => {
    const NOTARY_KEY = randomBytes(32).toString('base64');
    const renewed = { ...config, NOTARY_KEY, NOTARY_KEY_PREVIOUS: config.NOTARY_KEY };
    const notary = await startNotary(renewed, OPTIONS);
    await append(1);
    await until(async () => (await sizes()).at(-1) === 22);
    expect(notary.verifierKeys).toHaveLength(2);
    await notary.close();
    const without = await startNotary({ ...config, NOTARY_KEY: randomBytes(32).toString('base64') }, OPTIONS);
    await untilRed(without);
    await without.close();
    config = renewed;
  });

  it('K-03 continues without the secret of a lost key, and without its public half once it has signed', async () => {
    const before = await startNotary(config, OPTIONS);
    const [line = ''] = before.verifierKeys;
    await before.close();
    const renewed = { ...config, NOTARY_KEY: randomBytes(32).toString('base64'), NOTARY_KEY_PREVIOUS: line };
    for (const change of [{}, { NOTARY_KEY_PREVIOUS: undefined }]) {
      const size = (await sizes()).at(-1) ?? 0;
      const notary = await startNotary({ ...renewed, ...change }, OPTIONS);
      await append(1);
      await until(async () => (await sizes()).at(-1) === size + 1);
      expect(await notary.readiness()).toEqual({ ready: true, checks: UP });
      await notary.close();
    }
    config = renewed;
  });

  const untilRed = async (notary: RunningNotary): Promise<void> => {
    await until(async () => !(await notary.readiness()).ready);
    expect(await notary.readiness()).toEqual({ ready: false, checks: { ...UP, checkpoints: 'down' } });
    expect((await metricsText()).text).toMatch(/^ums_notary_refused 1$/m);
  };

  it('is red on a database whose checkpoints say something else, and signs nothing', async () => {
    const before = await sizes();
    await execute(database.url, `update notary.tile set hashes = set_byte(hashes, 1, (get_byte(hashes, 1) + 1) % 256)`);
    const notary = await startNotary(config, OPTIONS);
    await untilRed(notary);
    await append(1);
    expect(await sizes()).toEqual(before);
    await notary.close();
  });

  it('K-01 refuses a wrong key and a wrong name', async () => {
    const refused = (change: Partial<NotaryConfig>) => expect(startNotary({ ...config, ...change }, OPTIONS)).rejects;
    await refused({ NOTARY_KEY: 'not a key of anybody' }).toThrow(/^NOTARY_KEY must be an Ed25519 key/);
    await refused({ NOTARY_ORIGIN: 'two words' }).toThrow(/^NOTARY_ORIGIN must/);
  });

  it('starts while its bucket does not answer', async () => {
    const S3_ENDPOINT = 'http://127.0.0.1:1';
    const change = { CHECKPOINT_BUCKET: 'checkpoints', S3_ENDPOINT, S3_ACCESS_KEY_ID: 'id' };
    const notary = await startNotary({ ...config, ...change, S3_SECRET_ACCESS_KEY: 'a secret access key' }, OPTIONS);
    await until(async () => /^ums_notary_place_up\{place="bucket"\} 0$/m.test((await metricsText()).text));
    await notary.close();
  });

  it('G-07 is not ready and names the position while the log holds an event that has no leaf', async () => {
    const eventLog = patientEventLog(store.url);
    const broken = { ...anEvent('UserRenamed'), data: { name: 'half a pair: \ud83d' } };
    const { position } = await eventLog.append(userStream(randomUUID()), [broken], ANY);
    await eventLog.close();
    // The checkpoints of the other tests contradict this log.
    const empty = await testDatabase('users');
    const CHECKPOINT_DIR = join(folder, 'of-an-empty-database');
    await mkdir(CHECKPOINT_DIR);
    const notary = await startNotary({ ...config, CHECKPOINT_DIR, DATABASE_URL: empty.url }, OPTIONS);
    await until(async () => !(await notary.readiness()).ready);
    const lag = { haltedAtPosition: Number(position) };
    expect(await notary.readiness()).toEqual({ ready: false, checks: { ...UP, tree: 'down' }, lag });
    expect((await metricsText()).text).toMatch(new RegExp(`^ums_notary_halted_position ${position}$`, 'm'));
    await notary.close();
    await empty.drop();
  });
});
