import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import { silentLog } from '@ums/kit/log';
import { testDatabase } from '../../infra/embedded/test/postgres.js';
import { memoryEventLog } from '../../infra/kit/test/memoryEventLog.js';
import { joinVault } from './joinVault.js';
import { openVault } from './openVault.js';
import { reconcilerCheckpoint } from './reconciler/reconcilerPosition.js';

const secrets = { MASTER_KEY: [randomBytes(32)] };
const eventLog = memoryEventLog();
let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase('vault');
});
afterAll(() => database.drop());

const options = (change = {}) => ({
  ...{ url: database.url, applicationName: 'test', eventLog, log: silentLog, secrets },
  ...change,
});
const refused = (text: RegExp) => ({ name: 'StartRefused', message: expect.stringMatching(text) });

describe('openVault', () => {
  it('migrates and joins the vault, also in two processes at once and at the next start', async () => {
    const opened = await Promise.all([openVault(options({ maxConnections: 2 })), openVault(options())]);
    for (const { pool, logId } of opened) {
      expect(logId).toBe(await logIdentity(eventLog));
      await pool.end();
    }
    const { pool } = await openVault(options());
    await pool.end();
  });

  it('K-01 refuses a secret that the vault was not created with', async () => {
    const opening = joinVault(options({ secrets: { MASTER_KEY: [randomBytes(32)] } }));
    await expect(opening).rejects.toMatchObject(refused(/MASTER_KEY/));
  });

  it('refuses an event log that the vault does not belong to', async () => {
    const other = memoryEventLog();
    const [own, others] = [await logIdentity(eventLog), await logIdentity(other)];
    await expect(joinVault(options({ eventLog: other }))).rejects.toMatchObject(
      refused(new RegExp(`belongs to event log ${own}, but EVENTSTORE_URL leads to event log ${others}`)),
    );
  });

  it('refuses a log that ends before the checkpoint of the reconciler', async () => {
    const { pool, logId } = await joinVault(options());
    await reconcilerCheckpoint.advance(pool, { position: 10n ** 15n, eventId: randomUUID(), logId });
    await pool.end();
    await expect(joinVault(options())).rejects.toMatchObject(refused(/restored or cut short/));
  });
});
