import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { uploadKey } from '@ums/contracts/pictureKeys';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import { serviceCause } from '@ums/kit/facts/cause';
import { silentLog } from '@ums/kit/log';
import {
  confirmedUser,
  newestRegistration,
  registrationToken,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import { changeUser } from '../change/changeUser.js';
import { decide } from '../user/decide.js';
import { sweepUploads } from './sweepUploads.js';

const HOUR_MS = 3_600_000;

describe('sweepUploads', () => {
  let deps: TestCommands;
  beforeAll(async () => {
    deps = await testCommands();
  });
  afterAll(() => deps.close());

  const store = async (ownerId: string, registrationId: string | null = null, pictureId = randomUUID()) => {
    const key = uploadKey(ownerId, { pictureId, registrationId });
    await deps.objects.put(key, Buffer.from('upload'), { contentType: 'application/octet-stream', maxBytes: 10 });
    return { key, pictureId };
  };

  it('F-27 deletes uploads that nothing refers to, and keeps those that wait', async () => {
    const userId = await confirmedUser(deps, 'waits@example.org');
    const [waiting, orphan, ofUnknown] = [await store(userId), await store(userId), await store(randomUUID())];
    const cause = serviceCause('keeper', { id: randomUUID(), correlationId: randomUUID() });
    const { pictureId } = waiting;
    await changeUser(deps, { userId, cause, decide: (user) => decide({ type: 'SubmitPicture', pictureId }, user) });
    await registrationToken(deps, 'pending@example.org');
    const pending = await store(userId, await newestRegistration(deps, 'pending@example.org'));
    const expired = await store(userId, randomUUID());
    const unreadable = await store(await confirmedUser(deps, 'unreadable@example.org'));
    await deps.vault.query('delete from data_key where subject = $1', [unreadable.key.split('/')[1]]);
    await deps.objects.put('uploads/another-file', Buffer.from('a'), { contentType: 'text/plain', maxBytes: 10 });

    await sweepUploads(deps);
    for (const { key } of [waiting, orphan, ofUnknown, pending, expired, unreadable])
      expect(deps.objects.keys()).toContain(key);

    deps.clock.advance(HOUR_MS);
    await sweepUploads(deps);
    expect(deps.objects.keys()).toEqual([pending.key, 'uploads/another-file', waiting.key, unreadable.key].sort());
  });

  describe('where single uploads fail', () => {
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
    let orphans: string[];
    beforeEach(async () => {
      warnings.length = 0;
      await deps.objects.deleteAll('uploads/');
      const stored = [];
      for (let index = 0; index < 5; index++) stored.push((await store(randomUUID())).key);
      orphans = stored.sort();
      deps.clock.advance(HOUR_MS);
    });
    const left = () => deps.objects.keys().filter((key) => key.startsWith('uploads/'));

    it('F-27 deletes all others when one cannot be deleted, and that one later', async () => {
      const [first = ''] = orphans;
      const deleteAll: typeof deps.objects.deleteAll = async (prefix) => {
        if (first.startsWith(prefix)) throw new DependencyUnavailable('object storage');
        return deps.objects.deleteAll(prefix);
      };
      await sweepUploads({ ...deps, log, objects: { ...deps.objects, deleteAll } });
      expect([left(), warnings]).toEqual([[first], ['upload kept']]);
      await sweepUploads(deps);
      expect(left()).toEqual([]);
    });

    it('F-27 deletes all others when the log refuses the stream of one user', async () => {
      const [first = ''] = orphans;
      const readStream: typeof deps.eventLog.readStream = async (stream, from) => {
        if (stream === `user-${first.split('/')[1]}`) throw new LogUnavailable();
        return deps.eventLog.readStream(stream, from);
      };
      await sweepUploads({ ...deps, log, eventLog: { ...deps.eventLog, readStream } });
      expect([left(), warnings]).toEqual([[first], ['upload kept']]);
    });

    it('ends at the first one while the log is down', async () => {
      let reads = 0;
      const down = async () => {
        reads += 1;
        throw new LogUnavailable();
      };
      const eventLog = { ...deps.eventLog, readStream: down, head: down };
      await expect(sweepUploads({ ...deps, log, eventLog })).rejects.toThrow(LogUnavailable);
      expect([reads, left(), warnings]).toEqual([2, orphans, []]);
    });
  });
});
