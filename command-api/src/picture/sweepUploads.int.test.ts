import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uploadKey } from '@ums/contracts/pictureKeys';
import { serviceCause } from '@ums/kit/facts/cause';
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
    const cause = serviceCause('test', { id: randomUUID(), correlationId: randomUUID() });
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
});
