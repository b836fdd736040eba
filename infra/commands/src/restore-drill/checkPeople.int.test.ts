import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { userStream } from '@ums/contracts/streams';
import type { RunningEngines } from '@ums/embedded/startEngines';
import { type ConnectedEventLog, connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { ANY } from '@ums/kit/event-log/eventLog';
import { silentLog } from '@ums/kit/log';
import { migrate } from '@ums/kit/postgres/migrate';
import { execute, testDatabase } from '../../../embedded/test/postgres.js';
import { startLogServer } from '../../../kit/test/logServer.js';
import { checkPeople } from './checkPeople.js';
import { giveUpLostKeys } from './giveUpLostKeys.js';

const MIGRATIONS = join(import.meta.dirname, '../../../../command-api/migrations');

let vault: Awaited<ReturnType<typeof testDatabase>>;
let server: Awaited<ReturnType<typeof startLogServer>>;
let eventLog: ConnectedEventLog;

beforeAll(async () => {
  [vault, server] = await Promise.all([testDatabase('vault'), startLogServer()]);
  await migrate({ url: vault.url, dir: MIGRATIONS, log: silentLog });
  eventLog = connectEventLog({ url: server.url, log: silentLog });
});
afterAll(async () => {
  await eventLog.close();
  await Promise.all([vault.drop(), server.close()]);
});

const append = async (id: string, type: string): Promise<bigint> =>
  (await eventLog.append(userStream(id), [{ id: randomUUID(), type, data: {}, metadata: {} }], ANY)).position;
const check = (settledBefore: bigint) => {
  const engines = { eventLog: server.url, vaultFor: () => vault.url } as unknown as RunningEngines;
  return checkPeople({ engines, settledBefore, lost: 0 });
};

describe('checkPeople', () => {
  it('G-05 finds a key that is missing', async () => {
    const id = randomUUID();
    const position = await append(id, 'UserRegistered');
    await expect(check(position)).rejects.toThrow(`The vault has no key of user ${id}.`);
    await execute(vault.url, `insert into data_key (subject, wrapped, master_key_id) values ('${id}', 'key', 'id')`);
    expect(await check(position)).toEqual({ registered: 1, erased: 0, erasedAfter: 0, lost: 0 });
  });

  it('G-05 gives up the keys of who registered after the backup and was not erased since, and no others', async () => {
    const [before, lost, kept, erased] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    const settledBefore = await append(before, 'UserRegistered');
    for (const id of [lost, kept, erased]) await append(id, 'UserRegistered');
    await append(erased, 'UserErasureStarted');
    await execute(vault.url, `insert into data_key (subject, wrapped, master_key_id) values ('${kept}', 'key', 'id')`);
    expect(await giveUpLostKeys(eventLog, { vault: vault.url, settledBefore })).toBe(1);
    const { rows } = await execute(
      vault.url,
      `select subject, erased_at is not null as given_up from data_key where subject in ('${before}', '${lost}', '${kept}', '${erased}')`,
    );
    expect(new Map(rows.map((row) => [row.subject, row.given_up]))).toEqual(
      new Map([
        [lost, true],
        [kept, false],
      ]),
    );
    for (const id of [before, erased])
      await execute(vault.url, `insert into data_key (subject, erased_at) values ('${id}', now())`);
  });

  it('G-03 finds a key that an erasure should have destroyed', async () => {
    const id = randomUUID();
    await append(id, 'UserRegistered');
    await execute(vault.url, `insert into data_key (subject, wrapped, master_key_id) values ('${id}', 'key', 'id')`);
    const erasedAt = await append(id, 'UserErasureStarted');
    await expect(check(erasedAt)).rejects.toThrow(`User ${id} was erased, and the vault does not say so.`);
    await execute(
      vault.url,
      `update data_key set wrapped = null, master_key_id = null, erased_at = now() where subject = '${id}'`,
    );
    expect(await check(erasedAt)).toMatchObject({ registered: 6, erased: 2, erasedAfter: 0 });
    expect(await check(erasedAt - 1n)).toMatchObject({ erasedAfter: 1 });
  });
});
