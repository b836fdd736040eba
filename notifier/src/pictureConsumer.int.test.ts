import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { uploadKey } from '@ums/contracts/pictureKeys';
import { closers } from '@ums/kit/closers';
import { createLog } from '@ums/kit/log';
import { openS3Storage } from '@ums/kit/object-storage/s3Storage';
import { testObjectStorage } from '../../infra/embedded/test/objectStorage.js';
import { memoryEventLog } from '../../infra/kit/test/memoryEventLog.js';
import { picturesDeps, recordFact } from '../test/pictures/pictureFixture.js';
import { pictureConsumer } from './pictureConsumer.js';

it('F-32 leaves an upload to the next start once the notifier is stopping', async () => {
  const s3 = await testObjectStorage();
  const { onClose, close } = closers();
  onClose(s3.close);
  const storage = openS3Storage(s3.access, { timeoutMs: 10_000 });
  onClose(() => storage.close());
  const eventLog = memoryEventLog();
  const [userId, upload] = [randomUUID(), { pictureId: randomUUID(), registrationId: null }];
  await storage.put(uploadKey(userId, upload), Buffer.from('upload'), { contentType: 'image/png', maxBytes: 100 });
  const message = await recordFact(eventLog, userId, { type: 'ProfilePictureSubmitted', data: upload });
  const lines: string[] = [];
  const stopping = new AbortController();
  const { handle } = pictureConsumer(s3.settings() as never, {
    ...picturesDeps(eventLog),
    // Nothing of this picture is in a database.
    ...({ pool: undefined, vault: undefined } as never as { pool: never; vault: never }),
    ...{ onClose, stopping: stopping.signal },
    log: createLog({ service: 'test', destination: { write: (line) => void lines.push(line) } }),
  });
  stopping.abort();
  expect(await handle(message)).toBe('later');
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['picture waits for a dependency']);
  expect(await storage.head(uploadKey(userId, upload))).toBeDefined();
  await close();
});
