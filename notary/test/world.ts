import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isProvable, leafHash } from '@ums/contracts/proof/leaf';
import { userStream } from '@ums/contracts/streams';
import { ANY, type EventToAppend } from '@ums/kit/event-log/eventLog';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import { silentLog } from '@ums/kit/log';
import { migrate } from '@ums/kit/postgres/migrate';
import { notaryKeys } from '@ums/notary/note/notaryKeys';
import { tileReader, treePosition, treeSize } from '@ums/notary/tree/treeStore';
import { naiveRoot } from '../../contracts/test/naiveTree.js';
import { testDatabase } from '../../infra/embedded/test/postgres.js';
import { memoryEventLog } from '../../infra/kit/test/memoryEventLog.js';
import { patientPool } from '../../infra/kit/test/patientPool.js';

const MIGRATIONS = join(import.meta.dirname, '..', 'migrations');

/** A database of the notary, a folder, and an in-memory event log of its own. */
export const createWorld = async () => {
  const [database, folder] = await Promise.all([testDatabase('notary'), mkdtemp(join(tmpdir(), 'ums-notary-'))]);
  await migrate({ url: database.url, dir: MIGRATIONS, schema: 'notary', log: silentLog });
  const pool = patientPool(database.url);
  const eventLog = memoryEventLog();
  const logId = await logIdentity(eventLog);
  await treePosition().begin(pool, logId);
  const origin = `ums/${logId}`;
  const key = randomBytes(32).toString('base64url');
  return {
    url: database.url,
    pool,
    eventLog,
    logId,
    origin,
    key,
    keys: notaryKeys({ name: origin, key }),
    folder,
    pauseMs: 1,
    /** There are none. */
    receipts: { look: async (): Promise<void> => undefined },
    readTiles: tileReader(pool),
    /** Appends events, each to a stream of its own. */
    append: async (count: number, type = 'UserRenamed'): Promise<void> => {
      for (let added = 0; added < count; added++) await eventLog.append(userStream(randomUUID()), [anEvent(type)], ANY);
    },
    /** Waits for nothing: whether the tree is at the head of the log. */
    isCaughtUp: async (): Promise<boolean> => (await treePosition().read(pool))?.position === (await eventLog.head()),
    /** The size of the stored tree. */
    size: () => treeSize(pool),
    /** The leaves of the log by an independent computation: every event that `readAll` returns, in its order. */
    expectedLeaves: async (): Promise<Buffer[]> =>
      (await eventLog.readAll(undefined, 1_000_000)).filter(isProvable).map(leafHash),
    close: async (): Promise<void> => {
      await pool.end();
      await Promise.all([database.drop(), rm(folder, { recursive: true })]);
    },
  };
};

export type World = Awaited<ReturnType<typeof createWorld>>;

export const anEvent = (type: string): EventToAppend => ({
  id: randomUUID(),
  type,
  data: { name: randomUUID(), at: Math.random() },
  metadata: { actor: { kind: 'service' } },
});

/** The root that the log has by an independent computation. */
export const expectedRoot = async (world: Pick<World, 'expectedLeaves'>): Promise<Buffer> =>
  naiveRoot(await world.expectedLeaves());
