import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import { silentLog } from '@ums/kit/log';
import { testDatabase } from '../../infra/embedded/test/postgres.js';
import { memoryEventLog } from '../../infra/kit/test/memoryEventLog.js';
import { joinVault, openVault } from './openVault.js';
import { reconcilerCheckpoint } from './reconciler/reconcilerPosition.js';

const secrets = { MASTER_KEY: [randomBytes(32)] };
const eventLog = memoryEventLog();
let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase('vault');
});
afterAll(() => database.drop());

const options = (change = {}) => ({ url: database.url, eventLog, log: silentLog, secrets, ...change });
const refused = (text: RegExp) => ({ name: 'StartRefused', message: expect.stringMatching(text) });

describe('opening the vault', () => {
  it('migrates it and joins it to the log, and again at the next start, by several at once', async () => {
    const opened = await Promise.all([openVault(options({ maxConnections: 2 })), openVault(options())]);
    for (const { pool, logId } of opened) {
      expect(logId).toBe(await logIdentity(eventLog));
      await pool.end();
    }
    const { pool } = await openVault(options());
    await pool.end();
  });

  it('K-01 refuses a secret that is not the one it was made with', async () => {
    const opening = joinVault(options({ secrets: { MASTER_KEY: [randomBytes(32)] } }));
    await expect(opening).rejects.toMatchObject(refused(/MASTER_KEY/));
  });

  it('refuses another event log than its own', async () => {
    await expect(joinVault(options({ eventLog: memoryEventLog() }))).rejects.toMatchObject(
      refused(/another event log/),
    );
  });

  it('refuses a log that is shorter than its keeper has read', async () => {
    const { pool, logId } = await joinVault(options());
    await reconcilerCheckpoint.advance(pool, { position: 10n ** 15n, eventId: randomUUID(), logId });
    await pool.end();
    await expect(joinVault(options())).rejects.toMatchObject(refused(/restored or cut short/));
  });
});
