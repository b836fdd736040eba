import { randomUUID } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { userStream } from '@ums/contracts/streams';
import type { ConnectedEventLog } from '@ums/kit/event-log/connectEventLog';
import { ANY } from '@ums/kit/event-log/eventLog';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import { silentLog } from '@ums/kit/log';
import { testEventStore } from '../../infra/embedded/test/eventStore.js';
import { patientEventLog } from '../../infra/kit/test/patientEventLog.js';
import { until } from '../../infra/kit/test/until.js';
import { anEvent, createWorld, type World } from '../test/world.js';
import { signCheckpoint } from './checkpoint/signCheckpoint.js';
import { exportLog } from './exportLog.js';
import { followLog } from './tree/followLog.js';
import { treePosition } from './tree/treeStore.js';

describe('exportLog', () => {
  let world: World;
  let store: Awaited<ReturnType<typeof testEventStore>>;
  let eventLog: ConnectedEventLog;
  beforeAll(async () => {
    [world, store] = await Promise.all([createWorld(), testEventStore()]);
    eventLog = patientEventLog(store.url);
    await world.pool.query('delete from notary.position');
    await logIdentity(eventLog);
    for (let added = 0; added < 3; added++)
      await eventLog.append(userStream(randomUUID()), [anEvent('UserRenamed')], ANY);
    const stop = new AbortController();
    const running = followLog({ ...world, eventLog }, stop.signal, 100, () => undefined);
    const head = await eventLog.head();
    await Promise.race([running, until(async () => (await treePosition().read(world.pool))?.position === head)]);
    stop.abort();
    await running;
    await signCheckpoint({ ...world, eventLog }, { grownSeconds: 0, anywaySeconds: 0 }, []);
  });
  afterAll(async () => {
    await eventLog.close();
    await Promise.all([store.close(), world.close()]);
  });
  const run = (name: string) =>
    exportLog(join(world.folder, name), { EVENTSTORE_URL: store.url, DATABASE_URL: world.url }, silentLog);

  it('writes a file that only its owner can read, and never over another', async () => {
    expect(await run('first')).toMatch(/^4 events are in .*first; of 0 of them the log holds the hash alone\.$/);
    expect((await readFile(join(world.folder, 'first'), 'utf8')).split('\n')).toHaveLength(6);
    await expect(run('first')).rejects.toThrow('exists: the export needs a new file.');
  });

  it('leaves no part of an export behind when it fails', async () => {
    const path = join(world.folder, 'part');
    const config = { EVENTSTORE_URL: store.url, DATABASE_URL: 'postgres://127.0.0.1:2/users' };
    await expect(exportLog(path, config, silentLog)).rejects.toThrow('The export failed (ECONNREFUSED).');
    await expect(access(path)).rejects.toThrow('ENOENT');
  });

  it('G-08 fails when an event is not the one that was hashed', async () => {
    await world.pool.query(
      'update notary.tile set hashes = set_byte(hashes, 64, 255 - get_byte(hashes, 64)) where level = 0',
    );
    await expect(run('second')).rejects.toMatchObject({
      name: 'StartRefused',
      message: expect.stringMatching(
        /^The log contradicts the notary's tree: 1 of 4 events were changed, the first is event \S+ at position \d+\. The export is in .*second\.$/,
      ),
    });
  });
});
