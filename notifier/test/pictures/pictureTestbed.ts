import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { UserEvent } from '@ums/contracts/events/user';
import { picturePrefix, uploadKey } from '@ums/contracts/pictureKeys';
import { pictureStream } from '@ums/contracts/streams';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import { silentLog } from '@ums/kit/log';
import { eventLogSource } from '@ums/kit/message-source/eventLogSource';
import { openS3Storage } from '@ums/kit/object-storage/s3Storage';
import { migrate } from '@ums/kit/postgres/migrate';
import { testEventStore } from '../../../infra/embedded/test/eventStore.js';
import { testDatabase } from '../../../infra/embedded/test/postgres.js';
import { patientEventLog } from '../../../infra/kit/test/patientEventLog.js';
import { patientPool } from '../../../infra/kit/test/patientPool.js';
import { pictureDispatcher } from '../../src/picture/pictureDispatcher.js';
import { picturesDeps, recordFact } from './pictureFixture.js';
import { processorForTests } from './processorForTests.js';
import { PATIENT, s3WithFaults } from './s3WithFaults.js';
import { picture } from './samplePictures.js';

const MIGRATIONS = join(import.meta.dirname, '../../migrations');

/** The picture consumer on an event log server, S3 and a decoder process, with the event log as its source. */
export const pictureTestbed = async () => {
  const [eventStore, database, s3] = [await testEventStore(), await testDatabase('pictures'), await s3WithFaults()];
  const { url } = database;
  await migrate({ url, dir: MIGRATIONS, schema: 'notifier', log: silentLog });
  const pool = patientPool(url);
  const eventLog = patientEventLog(eventStore.url);
  const processor = processorForTests();
  let decoding = 0;
  let whileProcessing = async (): Promise<unknown> => undefined;
  const objects = openS3Storage(s3.access, PATIENT);
  const { types, handle } = pictureDispatcher({
    ...{ ...picturesDeps(eventLog), objects, log: silentLog },
    processor: {
      process: async (bytes) => {
        const outcome = processor.process(bytes);
        decoding += 1;
        await outcome.finally(() => {
          decoding -= 1;
        });
        await whileProcessing();
        return outcome;
      },
    },
  });
  const stopping = new AbortController();
  const record = (userId: string, event: UserEvent) => recordFact(eventLog, userId, event);

  return {
    ...{ s3, processor, eventLog, record, handle },
    isDecoding: () => decoding > 0,
    /** Does more after each decoding. */
    onProcessed: (work: typeof whileProcessing) => {
      whileProcessing = work;
    },
    /** Starts the consumer. `again` is called for each attempt that has to be repeated. */
    consume: async (again: () => void = () => undefined) => {
      const logId = await logIdentity(eventLog);
      const backoff = { firstMs: 20, maxMs: 200 };
      const source = eventLogSource({ ...{ eventLog, logId, pool, url, backoff }, schema: 'notifier', log: silentLog });
      return source.consume({
        ...{ name: 'picture', types, concurrency: 2, signal: stopping.signal },
        handle: async (...message) => {
          const outcome = await handle(...message);
          if (outcome !== 'done') again();
          return outcome;
        },
      });
    },
    /** Stores an upload and submits it. */
    submit: async (userId: string, content: Uint8Array = picture, registrationId: string | null = null) => {
      const pictureId = randomUUID();
      const upload = uploadKey(userId, { pictureId, registrationId });
      await s3.direct.put(upload, content, { contentType: 'image/jpeg', maxBytes: 5_000_000 });
      const message = await record(userId, { type: 'ProfilePictureSubmitted', data: { pictureId, registrationId } });
      return { pictureId, upload, message };
    },
    /** The squares of all pictures of a user, as `<picture id>/<file>`. */
    squaresOf: async (userId: string) => {
      const keys: string[] = [];
      const prefix = picturePrefix(userId);
      for await (const { key } of s3.direct.list(prefix)) keys.push(key.slice(prefix.length));
      return keys.sort();
    },
    outcomesOf: async (pictureId: string) =>
      (await eventLog.readStream(pictureStream(pictureId))).map(({ type, data }) => ({ type, data })),
    close: async () => {
      stopping.abort();
      await processor.close();
      objects.close();
      await eventLog.close();
      await pool.end();
      await s3.close();
      await database.drop();
      await eventStore.close();
    },
  };
};

export type PictureTestbed = Awaited<ReturnType<typeof pictureTestbed>>;

/** What {@link PictureTestbed.squaresOf} returns for these pictures. */
export const allSquares = (...pictureIds: string[]): string[] =>
  pictureIds.flatMap((id) => ['256', '512', '64'].map((size) => `${id}/${size}.webp`)).sort();
