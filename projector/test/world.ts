import { type KeyObject, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { DomainEvent } from '@ums/contracts/events/event';
import { encode } from '@ums/contracts/stored/stored';
import { userStream } from '@ums/contracts/streams';
import { vaultDataKeys } from '@ums/identity/vault/vaultDataKeys';
import { type EventToAppend, NO_STREAM } from '@ums/kit/event-log/eventLog';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import { silentLog } from '@ums/kit/log';
import { migrate } from '@ums/kit/postgres/migrate';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import { newDataKey, sealWith } from '@ums/kit/sealing/sealing';
import { testDatabase } from '../../infra/embedded/test/postgres.js';
import { memoryEventLog } from '../../infra/kit/test/memoryEventLog.js';
import { patientPool } from '../../infra/kit/test/patientPool.js';

const root = join(import.meta.dirname, '..', '..');
export const MASTER_KEY = 'a master key that only tests use, long enough';

/** A read model, a vault and an in-memory event log of its own, with functions that write events as command-api does. */
export const createWorld = async () => {
  const [read, vault] = await Promise.all([testDatabase('read'), testDatabase('vault')]);
  await migrate({ url: read.url, dir: join(root, 'projector/migrations'), schema: 'read', log: silentLog });
  await migrate({ url: vault.url, dir: join(root, 'command-api/migrations'), log: silentLog });
  const pool = patientPool(read.url);
  const vaultPool = patientPool(vault.url, 3);
  const master = masterKeys(MASTER_KEY);
  const eventLog = memoryEventLog();
  const logId = await logIdentity(eventLog);
  const dataKeys = new Map<string, KeyObject>();

  const keyOf = (userId: string): KeyObject => {
    const dataKey = dataKeys.get(userId) ?? newDataKey();
    dataKeys.set(userId, dataKey);
    return dataKey;
  };

  const stored = (userId: string, event: DomainEvent): EventToAppend => {
    const id = randomUUID();
    const dataKey = keyOf(userId);
    const seal = (place: Parameters<typeof sealWith>[1], text: string) => sealWith(dataKey, place, text, master.id);
    const metadata = {
      $correlationId: randomUUID(),
      $causationId: randomUUID(),
      actor: { kind: 'user', id: userId },
      at: new Date(1_767_225_600_000 + eventLog.events.length * 1_000).toISOString(),
    };
    return { id, ...encode(event, { stream: userStream(userId), eventId: id }, seal), metadata };
  };

  const appendStored = async (userId: string, events: EventToAppend[]) => {
    const stream = userStream(userId);
    const revision = (await eventLog.readStream(stream)).length - 1;
    return eventLog.append(stream, events, revision < 0 ? NO_STREAM : BigInt(revision));
  };

  /** Appends events to the end of a user's stream. */
  const append = (userId: string, ...events: DomainEvent[]) =>
    appendStored(
      userId,
      events.map((event) => stored(userId, event)),
    );

  /** Stores the user's data key in the vault. */
  const storeKey = async (userId: string): Promise<void> => {
    const dataKey = keyOf(userId);
    const { wrapped, masterKeyId } = master.wrap(userId, dataKey);
    await vaultPool.query('insert into data_key (subject, wrapped, master_key_id) values ($1, $2, $3)', [
      userId,
      wrapped,
      masterKeyId,
    ]);
  };

  return {
    readUrl: read.url,
    vaultUrl: vault.url,
    pool,
    vaultPool,
    eventLog,
    logId,
    keys: vaultDataKeys({ pool: vaultPool, masterKeys: master, clock: { now: () => new Date() } }),
    stored,
    append,
    appendStored,
    storeKey,
    /** Registers a new user and stores their data key. */
    register: async (name = 'Ada', userId: string = randomUUID()): Promise<string> => {
      await storeKey(userId);
      await append(userId, userRegistered(name, userId));
      return userId;
    },
    rename: (userId: string, name: string) => append(userId, { type: 'UserRenamed', data: { name } }),
    /** Erases the key and leaves the erasure record in its place. */
    destroyKey: (userId: string) =>
      vaultPool.query(
        'update data_key set wrapped = null, master_key_id = null, erased_at = now() where subject = $1',
        [userId],
      ),
    close: async (): Promise<void> => {
      await Promise.all([pool.end(), vaultPool.end()]);
      await Promise.all([read.drop(), vault.drop()]);
    },
  };
};

export type World = Awaited<ReturnType<typeof createWorld>>;

export const userRegistered = (name: string, userId: string): DomainEvent => ({
  type: 'UserRegistered',
  data: {
    registrationId: randomUUID(),
    email: `${userId.slice(0, 8)}@example.org`,
    name,
    passwordHash: 'not a hash',
    roles: ['user'],
    locale: 'en',
  },
});

export const USER_ERASURE_STARTED: DomainEvent = { type: 'UserErasureStarted', data: {} };
export const USER_ERASED: DomainEvent = { type: 'UserErased', data: {} };
export const USER_SUSPENDED: DomainEvent = { type: 'UserSuspended', data: {} };
