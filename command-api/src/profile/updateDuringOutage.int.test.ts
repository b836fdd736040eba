import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RequestLimit } from '@ums/identity/limits/requestLimit';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { type EventLog, LogUnavailable } from '@ums/kit/event-log/eventLog';
import type { ObjectStorage } from '@ums/kit/object-storage/objectStorage';
import { spool } from '@ums/kit/object-storage/spool';
import { streamOf } from '../../../infra/kit/test/objectStorageContract.js';
import {
  confirmCallerAs,
  confirmedUser,
  liveCallerOf,
  noLimits,
  PASSWORD,
  requestOrigin,
  stateOf,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import { createDayLimit } from '../limits/createRequestLimit.js';
import type { PictureUpload } from '../picture/pictureUpload.js';
import { submitPicture } from '../picture/submitPicture.js';
import { CHANGE_ROUTE, changeLimitOf } from './changeLimit.js';
import { type UpdateUserInput, updateUser } from './updateUser.js';

let deps: TestCommands;
let userId: string;
let changeLimit: RequestLimit;
let pictureLimit: RequestLimit;
beforeEach(async () => {
  deps = await testCommands();
  userId = await confirmedUser(deps, 'ada@example.org');
  deps.limits = noLimits(deps.vault, deps.clock, { mailsPerAddressAndSource: 3 });
  changeLimit = createDayLimit({ ...deps, perWindow: 3 });
  pictureLimit = createDayLimit({ ...deps, perWindow: 3 });
});
afterEach(async () => {
  for (const upload of uploads.splice(0)) await upload.close();
  await deps.close();
});

const update = (input: Omit<UpdateUserInput, 'caller' | 'limit'>, change: Partial<TestCommands> = {}) => {
  const limit = changeLimitOf({ changeLimit, lateChangeLimit: changeLimit }, userId, CHANGE_ROUTE);
  return updateUser({ ...deps, ...change }, { caller: liveCallerOf(userId), limit, ...input }, requestOrigin());
};
const uploads: PictureUpload[] = [];
const newAddress = () => ({
  emailChange: { email: 'new@example.org', password: PASSWORD, confirmCaller: confirmCallerAs(userId) },
});
const picture = async (objects: ObjectStorage = deps.objects) => {
  const content = await spool(streamOf([Buffer.from('a picture')]), 100);
  const digest = createHash('sha256').update('a picture').digest('hex');
  const upload: PictureUpload = { digest, use: (work) => work(content), close: content.close };
  uploads.push(upload);
  return { picture: submitPicture({ ...deps, objects, pictureLimit }, userId, upload) };
};
const appending = (append: EventLog['append']) => ({ eventLog: { ...deps.eventLog, append } });
const failing = (error: Error) => appending(() => Promise.reject(error));
const notSent = () => new DependencyUnavailable('event log', undefined, false);
const rows = async () =>
  (
    await deps.vault.query(`select (select count(*)::int from attempt where state in ('mail', 'silent')) as mails,
      (select count(*)::int from email_change) as changes`)
  ).rows[0];

describe('changing a user during an outage', () => {
  it('R-09 counts no change whose picture cannot be stored', async () => {
    const objects = { ...deps.objects, put: () => Promise.reject(new DependencyUnavailable('object storage')) };
    for (let time = 1; time <= 4; time++)
      await expect(update(await picture(objects))).rejects.toBeInstanceOf(DependencyUnavailable);
    expect(await update({ name: 'Ada King' })).toMatchObject({ revision: 1n });
  });

  it('R-09 counts no change whose append was refused before it was sent', async () => {
    for (let time = 1; time <= 4; time++)
      await expect(update({ name: 'Ada King' }, failing(notSent()))).rejects.toEqual(notSent());
    expect(await update({ name: 'Ada King' })).toMatchObject({ revision: 1n });
  });

  it('R-09 counts a change whose append got no answer: it may be in the log', async () => {
    for (let time = 1; time <= 3; time++)
      await expect(update({ name: 'Ada King' }, failing(new LogUnavailable()))).rejects.toBeInstanceOf(LogUnavailable);
    await expect(update({ name: 'Ada King' })).rejects.toMatchObject({ slug: 'too-many-attempts' });
  });

  it('R-09 counts a change that is in the log, whatever fails after it', async () => {
    let reads = 0;
    const readStream: EventLog['readStream'] = (...args) =>
      reads++ === 0 ? deps.eventLog.readStream(...args) : Promise.reject(notSent());
    const eventLog = { ...deps.eventLog, readStream };
    const input = { name: 'Ada King', idempotencyKey: 'same-request' };
    await expect(update(input, { eventLog })).rejects.toEqual(notSent());
    for (let time = 2; time <= 3; time++) await update({ name: `Ada ${time}` });
    await expect(update({ name: 'Ada 4' })).rejects.toMatchObject({ slug: 'too-many-attempts' });
  });

  it('R-09 counts no change that could not be decided again after a conflict', async () => {
    for (let time = 1; time <= 4; time++) {
      let reads = 0;
      const readStream: EventLog['readStream'] = (...args) =>
        reads++ === 0 ? deps.eventLog.readStream(...args) : Promise.reject(new LogUnavailable());
      deps.eventLog.conflict();
      const eventLog = { ...deps.eventLog, readStream };
      await expect(update({ name: 'Ada King' }, { eventLog })).rejects.toBeInstanceOf(LogUnavailable);
    }
    expect(await update({ name: 'Ada King' })).toMatchObject({ revision: 1n });
  });

  it('U-05 counts and keeps no picture whose append was refused before it was sent', async () => {
    for (let time = 1; time <= 4; time++)
      await expect(update(await picture(), failing(notSent()))).rejects.toEqual(notSent());
    expect(deps.objects.keys()).toEqual([]);
    expect(await update(await picture())).toMatchObject({ isPending: true });
  });

  it('R-06 counts and stores no request of an address whose append was refused before it was sent', async () => {
    const before = await rows();
    for (let time = 1; time <= 4; time++)
      await expect(update(newAddress(), failing(notSent()))).rejects.toEqual(notSent());
    expect(await rows()).toEqual(before);
    expect(await update(newAddress())).toMatchObject({ isPending: true });
  });

  it('R-06 counts no mails of a request whose append got no answer, and keeps what its link needs', async () => {
    const before = await rows();
    const unanswered = appending(async (...args) => {
      await deps.eventLog.append(...args);
      throw new LogUnavailable();
    });
    await expect(update(newAddress(), unanswered)).rejects.toBeInstanceOf(LogUnavailable);
    expect(await rows()).toEqual({ ...before, changes: before?.changes + 1 });
    const requested = (await stateOf(deps, userId)) as { requestedEmail?: { changeId: string } };
    const { rows: stored } = await deps.vault.query('select id from email_change');
    expect(stored).toEqual([{ id: requested.requestedEmail?.changeId }]);
  });

  it('throws the failure of the log when the vault fails as well', async () => {
    const vault = Object.create(deps.vault) as TestCommands['vault'];
    const down = appending(() => {
      vault.query = (() => Promise.reject(new Error('down'))) as typeof vault.query;
      return Promise.reject(notSent());
    });
    await expect(update(newAddress(), { ...down, vault })).rejects.toEqual(notSent());
  });
});
