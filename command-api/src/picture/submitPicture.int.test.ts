import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import { silentLog } from '@ums/kit/log';
import { spool } from '@ums/kit/object-storage/spool';
import { streamOf } from '../../../infra/kit/test/objectStorageContract.js';
import {
  appendedEvents,
  confirmCallerAs,
  confirmedUser,
  liveCallerOf,
  PASSWORD,
  requestOrigin,
  stateOf,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import { unfinishedErasures } from '../erasure/erasureRow.js';
import { finishErasure } from '../erasure/finishErasure.js';
import { eraseUser } from '../profile/eraseUser.js';
import { updateUser } from '../profile/updateUser.js';
import type { PictureUpload } from './pictureUpload.js';
import { type PictureDeps, submitPicture } from './submitPicture.js';

const MINUTE_MS = 60_000;
const CONTENT = Buffer.from('a picture');

let deps: TestCommands;
let userId: string;
beforeEach(async () => {
  deps = await testCommands();
  userId = await confirmedUser(deps, 'ada@example.org');
});
afterEach(() => deps.close());

const NO_LIMIT: PictureDeps['pictureLimit'] = {
  count: async () => undefined,
  giveBack: async () => undefined,
  refuseExcess: () => undefined,
};
const uploadOf = async (): Promise<PictureUpload> => {
  const content = await spool(streamOf([CONTENT]), 100);
  return {
    digest: createHash('sha256').update(CONTENT).digest('hex'),
    use: (work) => work(content),
    close: content.close,
  };
};
/** Sends a picture. @param change replaces some of the dependencies */
const send = async (change: Partial<PictureDeps> = {}) => {
  const upload = await uploadOf();
  const picture = submitPicture({ ...deps, pictureLimit: NO_LIMIT, ...change }, userId, upload);
  return updateUser(deps, { caller: liveCallerOf(userId), picture }, requestOrigin()).finally(upload.close);
};
/** The object storage, except that `work` runs while an upload is being stored. */
const whileStoring = (work: () => Promise<unknown>): Partial<PictureDeps> => ({
  objects: {
    ...deps.objects,
    put: async (...given) => {
      await work();
      return deps.objects.put(...given);
    },
  },
});
const erase = () =>
  eraseUser(deps, { userId, password: PASSWORD, confirmCaller: confirmCallerAs(userId) }, requestOrigin());
const finishErasures = async (): Promise<void> => {
  for (const erasure of await unfinishedErasures(deps.vault)) await finishErasure(deps, erasure, 'keeper');
};
const finished = async () => (await stateOf(deps, userId)) as { finished?: boolean };

describe('submitting a picture', () => {
  it('G-03 deletes the upload of a user who was erased while it was stored', async () => {
    await expect(send(whileStoring(erase))).rejects.toMatchObject({ slug: 'not-found' });
    expect(deps.objects.keys()).toEqual([]);
  });

  it('G-03 lets no erasure finish while a request may still store an upload', async () => {
    const eraseAndFinish = async () => {
      await erase();
      await finishErasures();
    };
    // The request ends without deleting, as when its process crashes.
    const failing = { ...deps.objects, put: whileStoring(eraseAndFinish).objects?.put ?? deps.objects.put };
    const objects = { ...failing, deleteAll: () => Promise.reject(new Error('crashed')) };
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
    await expect(send({ objects, log })).rejects.toMatchObject({ slug: 'not-found' });
    expect([deps.objects.keys().length, warnings]).toEqual([1, ['upload not deleted']]);
    expect(await finished()).toMatchObject({ finished: false });
    deps.clock.advance(MINUTE_MS);
    await finishErasures();
    expect(deps.objects.keys()).toEqual([]);
    expect(await finished()).toMatchObject({ finished: true });
  });

  it('stores nothing for a user whose account was erased before', async () => {
    const eraseFirst = { ...NO_LIMIT, count: erase as unknown as () => Promise<void> };
    await expect(send({ pictureLimit: eraseFirst })).rejects.toMatchObject({ slug: 'not-found' });
    expect(deps.objects.keys()).toEqual([]);
    await finishErasures();
    expect(await finished()).toMatchObject({ finished: true });
  });

  it('deletes the upload when the user kept changing, so that the append was refused', async () => {
    deps.eventLog.conflict(4);
    await expect(send()).rejects.toMatchObject({ slug: 'conflict' });
    expect(deps.objects.keys()).toEqual([]);
  });

  it('keeps the upload when it is not known whether the event was appended', async () => {
    deps.eventLog.dropReplies();
    await expect(send()).rejects.toThrow(LogUnavailable);
    expect(deps.objects.keys()).toHaveLength(1);
    expect(appendedEvents(deps)).toContain('user ProfilePictureSubmitted');
  });
});
