import { generateKeySync, type KeyObject, randomUUID } from 'node:crypto';
import type { UserEvent } from '@ums/contracts/events/user';
import { type Message, toMessage } from '@ums/contracts/messages/message';
import { pictureKey, uploadKey } from '@ums/contracts/pictureKeys';
import { PICTURE_SIZES } from '@ums/contracts/processedPicture';
import { pictureStream, userStream } from '@ums/contracts/streams';
import { systemClock } from '@ums/kit/clock';
import { type EventLog, NO_STREAM } from '@ums/kit/event-log/eventLog';
import { appendFacts } from '@ums/kit/facts/appendFacts';
import { silentLog } from '@ums/kit/log';
import type { Spend } from '@ums/kit/queue/fairSlots';
import type { DataKeys } from '@ums/kit/sealing/dataKeys';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import { memoryEventLog } from '../../../infra/kit/test/memoryEventLog.js';
import { memoryObjectStorage } from '../../../infra/kit/test/memoryObjectStorage.js';
import { pictureDispatcher } from '../../src/picture/pictureDispatcher.js';
import type { PictureOutcome } from '../../src/picture-processing/pictureOutcome.js';

const keysIn = (keys: ReadonlyMap<string, KeyObject>): DataKeys => {
  const fetch: DataKeys['fetch'] = async (subjects) => {
    const wanted = new Set(subjects);
    return new Map([...keys].filter(([subject]) => wanted.has(subject)));
  };
  return { fetch, fresh: fetch, evict: () => undefined };
};

/** What the appending of facts about pictures needs. They hold nothing personal but the source of the request. */
export const picturesDeps = (eventLog: EventLog, keys: ReadonlyMap<string, KeyObject> = new Map()) => ({
  ...{ eventLog, keys: keysIn(keys), masterKeys: masterKeys('a master key of the tests'), clock: systemClock },
});

export interface RecordedFrom {
  /** Address of the client, which is sealed with the user's key. @default none is recorded */
  ip?: string;
  keys?: ReadonlyMap<string, KeyObject>;
}

/** Appends a fact to the stream of a user as command-api does. @returns its message */
export const recordFact = async (
  eventLog: EventLog,
  userId: string,
  event: UserEvent,
  { ip, keys }: RecordedFrom = {},
): Promise<Message> => {
  const stream = userStream(userId);
  const expected = (await eventLog.readStream(stream)).at(-1)?.revision ?? NO_STREAM;
  const cause = {
    correlationId: randomUUID(),
    causationId: randomUUID(),
    actor: { kind: 'user', id: userId },
    ...(ip !== undefined && { source: { ip, userAgent: 'a browser' } }),
  } as const;
  await appendFacts(picturesDeps(eventLog, keys), { stream, events: [event], expected, cause });
  return toMessage((await eventLog.readStream(stream)).at(-1) as never) as Message;
};

const SQUARES = { 64: Buffer.from('64'), 256: Buffer.from('256'), 512: Buffer.from('512') };
export const PROCESSED: PictureOutcome = { kind: 'processed', squares: SQUARES };

/** The picture consumer on an event log and an object storage in memory, with a processor whose outcome a test chooses. */
export const pictureFixture = () => {
  const eventLog = memoryEventLog();
  const objects = memoryObjectStorage();
  let process = async (_bytes: Uint8Array, _spend?: Spend): Promise<PictureOutcome> => PROCESSED;
  const processor = { process: (bytes: Uint8Array, spend?: Spend) => process(bytes, spend) };
  /** Data keys of users. */
  const keys = new Map<string, KeyObject>();
  const deps = { ...picturesDeps(eventLog, keys), objects, processor, log: silentLog };
  const { handle } = pictureDispatcher(deps);
  const store = (key: string, content = 'upload') =>
    objects.put(key, Buffer.from(content), { contentType: 'image/png', maxBytes: 100 });
  return {
    ...{ eventLog, objects, handle, store, keys },
    /** Replaces the processor. */
    onProcess: (work: typeof process) => {
      process = work;
    },
    record: (userId: string, event: UserEvent) => recordFact(eventLog, userId, event),
    /** Stores an upload and submits it. @param ip address of the client, which is not recorded by default */
    submit: async (userId: string, registrationId: string | null = null, ip?: string) => {
      const pictureId = randomUUID();
      if (ip !== undefined) keys.set(userId, generateKeySync('aes', { length: 256 }));
      const upload = uploadKey(userId, { pictureId, registrationId });
      await store(upload);
      const event = { type: 'ProfilePictureSubmitted', data: { pictureId, registrationId } } as const;
      const message = await recordFact(eventLog, userId, event, { ...(ip !== undefined && { ip }), keys });
      return { pictureId, upload, message, squares: PICTURE_SIZES.map((size) => pictureKey(userId, pictureId, size)) };
    },
    outcomesOf: async (pictureId: string) =>
      (await eventLog.readStream(pictureStream(pictureId))).map(({ type, data }) => ({ type, data })),
  };
};
