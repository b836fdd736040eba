import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { API_PREFIX } from '@ums/contracts/routes';
import { connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { silentLog } from '@ums/kit/log';
import { openS3Storage } from '@ums/kit/object-storage/s3Storage';
import { type TestObjectStorage, testObjectStorage } from '../../../infra/embedded/test/objectStorage.js';
import { awakeTime } from '../../../infra/kit/test/awakeTime.js';
import { type FaultProxy, startFaultProxy } from '../../../infra/kit/test/faultProxy.js';
import { listed } from '../../../infra/kit/test/objectStorageContract.js';
import { stoppedClock } from '../../../infra/kit/test/testClock.js';
import { until } from '../../../infra/kit/test/until.js';
import { PASSWORD, PATIENT_LOG, signInNewUser, type TestApi, testApi } from '../../test/testApi.js';
import { userIdOf } from '../user/derivedIds.js';

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(2_000, 7)]);

let s3: TestObjectStorage;
let proxy: FaultProxy;
let api: TestApi;
let count = 0;
beforeAll(async () => {
  s3 = await testObjectStorage();
  proxy = await startFaultProxy(Number(new URL(s3.access.endpoint as string).port), 'other');
  const settings = { ...s3.settings(proxy.port), LIMIT_MAILS_PER_SOURCE: '1000' };
  // The day in which pictures are counted does not end.
  api = await testApi(settings, { clock: stoppedClock() });
});
afterAll(async () => {
  await api.close();
  await proxy.close();
  await s3.close();
});

const signIn = async () => {
  count += 1;
  const { accessToken: token, user } = await signInNewUser(api, `picture${count}@example.org`);
  return { token, userId: user.id };
};
const form = (fields: Record<string, string>, picture?: Uint8Array): FormData => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  if (picture !== undefined) body.set('picture', new Blob([picture], { type: 'text/html' }), '../../portrait.svg');
  return body;
};
const put = (token: string, body: unknown, headers: Record<string, string> = {}) =>
  api.ask('PUT', '/user', { token, body, headers });
const slugOf = ({ json }: { json: { type: string } }) => json.type.split('/').at(-1);
const objectsUnder = async (prefix: string): Promise<string[]> => {
  const storage = openS3Storage(s3.access, { timeoutMs: 10_000 });
  const keys = (await listed(storage.list(prefix))).map(({ key }) => key);
  storage.close();
  return keys;
};
const eventsOf = async (stream: string) => {
  const eventLog = connectEventLog({ url: api.config.EVENTSTORE_URL, ...PATIENT_LOG, log: silentLog });
  return (await eventLog.readStream(stream).finally(() => eventLog.close())).map(({ type, data }) => ({ type, data }));
};
const pictureEventsOf = async (userId: string) =>
  (await eventsOf(`user-${userId}`)).filter(({ type }) => type.startsWith('ProfilePicture'));

describe('PUT /user with a picture', () => {
  it('U-02 stores the upload, submits it with the other fields in one append, and answers 202', async () => {
    const { token, userId } = await signIn();
    const answer = await put(token, form({ name: 'Ada King' }, PNG));
    expect([answer.status, answer.headers.get('etag'), answer.json.name]).toEqual([202, '"2"', 'Ada King']);
    const [submitted] = await pictureEventsOf(userId);
    const { pictureId = '' } = (submitted?.data ?? {}) as { pictureId?: string };
    expect(submitted?.data).toEqual({ pictureId, registrationId: null });
    expect(await objectsUnder(`uploads/${userId}/`)).toEqual([`uploads/${userId}/${pictureId}/original`]);
    const storage = openS3Storage(s3.access, { timeoutMs: 10_000 });
    expect(await storage.head(`uploads/${userId}/${pictureId}/original`)).toEqual({
      size: PNG.length,
      contentType: 'application/octet-stream',
    });
    storage.close();
  });

  it('accepts the fields of a form without a picture, and refuses a form without any', async () => {
    const { token, userId } = await signIn();
    expect((await put(token, form({ name: 'Ada King' }))).status).toBe(200);
    const emptyInput = form({ name: 'Ada Byron' });
    emptyInput.set('picture', new Blob([]), '');
    expect((await put(token, emptyInput)).status).toBe(200);
    for (const empty of [form({}), form({ picture: 'text' }), form({ role: 'admin' }, PNG)])
      expect((await put(token, empty)).status).toBe(400);
    const zipped = await put(token, form({ name: 'Ada' }), { 'content-encoding': 'gzip' });
    expect([zipped.status, slugOf(zipped)]).toEqual([415, 'media-type-unsupported']);
    expect(zipped.headers.get('accept-encoding')).toBe('identity');
    expect(await objectsUnder(`uploads/${userId}/`)).toEqual([]);
  });

  it.each(['ISO-8859-1', 'utf-8', 'utf-16'])(
    'decodes each part by its own charset, whatever the form names: %s',
    async (charset) => {
      const { token } = await signIn();
      const encoded = new Response(form({ name: 'Zoë' }, PNG));
      const type = encoded.headers.get('content-type')?.replace('; ', `; charset=${charset}; `) ?? '';
      const answer = await fetch(`${api.base}${API_PREFIX}/user`, {
        method: 'PUT',
        headers: { 'content-type': type, authorization: `Bearer ${token}` },
        body: await encoded.arrayBuffer(),
      });
      expect([answer.status, await answer.json()]).toEqual([202, expect.objectContaining({ name: 'Zoë' })]);
    },
  );

  it('U-02 refuses a file that is too large or not a picture, and stores nothing of the request', async () => {
    const { token, userId } = await signIn();
    const answers = [
      await put(token, form({ name: 'Ada King' }, Buffer.concat([PNG, Buffer.alloc(5_300_000)]))),
      await put(token, form({ name: 'Ada King' }, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"></svg>'))),
      await put(token, form({ name: 'Ada King' }, Buffer.alloc(0))),
    ];
    expect(answers.map((answer) => [answer.status, slugOf(answer)])).toEqual([
      [413, 'picture-too-large'],
      [415, 'not-a-picture'],
      [415, 'not-a-picture'],
    ]);
    expect(await objectsUnder(`uploads/${userId}/`)).toEqual([]);
    expect(await eventsOf(`user-${userId}`)).toHaveLength(1);
  });

  it('authenticates before it reads the file', async () => {
    const answer = await api.ask('PUT', '/user', { body: form({}, Buffer.from('not a picture at all')) });
    expect([answer.status, slugOf(answer)]).toEqual([401, 'unauthenticated']);
  });

  it('F-10 stores a repeat under the same Idempotency-Key once, and refuses another picture under it', async () => {
    const { token, userId } = await signIn();
    const key = { 'Idempotency-Key': 'the-same-request' };
    const [first, repeat] = [await put(token, form({}, PNG), key), await put(token, form({}, PNG), key)];
    expect([first.status, repeat.status, repeat.headers.get('etag')]).toEqual([202, 202, '"1"']);
    const other = await put(token, form({}, Buffer.concat([PNG, Buffer.from('x')])), key);
    expect([other.status, slugOf(other)]).toEqual([422, 'idempotency-key-reused']);
    expect(await objectsUnder(`uploads/${userId}/`)).toHaveLength(1);
  });

  it('U-05 R-08 refuses the eleventh picture of a day, and stores nothing of it', async () => {
    const { token, userId } = await signIn();
    for (let time = 1; time <= 10; time++) expect((await put(token, form({}, PNG))).status).toBe(202);
    const refused = await put(token, form({ name: 'Ada King' }, PNG));
    expect([refused.status, slugOf(refused)]).toEqual([429, 'too-many-pictures']);
    expect(await objectsUnder(`uploads/${userId}/`)).toHaveLength(10);
    expect((await put(token, { name: 'Ada King' })).status).toBe(200);
  });

  it('F-03 answers 503 in time while the object storage hangs or refuses, and appends nothing', async () => {
    const { token, userId } = await signIn();
    for (const mode of ['hang', 'refuse'] as const) {
      await proxy.set(mode);
      const passed = awakeTime();
      const answer = await put(token, form({ name: 'Ada King' }, PNG));
      expect([answer.status, slugOf(answer)]).toEqual([503, 'dependency-unavailable']);
      expect(passed()).toBeLessThan(4_000);
      expect((await put(token, { name: `Ada ${mode}` })).status).toBe(200);
      proxy.resetConnections();
      await proxy.set('pass');
    }
    expect(await pictureEventsOf(userId)).toEqual([]);
    // The failures did not count as pictures.
    for (let time = 1; time <= 10; time++) {
      while ((await put(token, form({}, PNG))).status === 503) proxy.resetConnections();
    }
    expect(await pictureEventsOf(userId)).toHaveLength(10);
  });
});

describe('the mail limits', () => {
  const mailRows = async () => {
    const counts = `select (select count(*)::int from attempt where state in ('mail', 'silent')) as mails,
      (select count(*)::int from email_change) as changes, (select count(*)::int from registration) as registrations,
      (select count(*)::int from data_key) as keys`;
    return (await api.vault.query(counts)).rows;
  };
  /** A request that is repeated while the object storage is down, more often than mails may be sent to its address. */
  const repeatWhileDown = async (send: () => Promise<{ status: number }>): Promise<number[]> => {
    await proxy.set('refuse');
    const statuses: number[] = [];
    for (let time = 1; time <= 5; time++) statuses.push((await send()).status);
    proxy.resetConnections();
    await proxy.set('pass');
    return statuses;
  };

  it('do not count requests for a new address whose picture cannot be stored', async () => {
    const { token, userId } = await signIn();
    const before = await mailRows();
    const change = { email: 'new.address@example.org', password: PASSWORD };
    expect(await repeatWhileDown(() => put(token, form(change, PNG)))).toEqual([503, 503, 503, 503, 503]);
    expect(await mailRows()).toEqual(before);
    await until(async () => (await put(token, form(change, PNG))).status === 202);
    expect((await eventsOf(`user-${userId}`)).map(({ type }) => type)).toContain('EmailChangeRequested');
  });

  it('do not count requests for a new address that are over the limit of pictures', async () => {
    const { token } = await signIn();
    for (let time = 1; time <= 10; time++) expect((await put(token, form({}, PNG))).status).toBe(202);
    const before = await mailRows();
    const change = { email: 'newer.address@example.org', password: PASSWORD };
    for (let time = 1; time <= 4; time++) expect((await put(token, form(change, PNG))).status).toBe(429);
    expect(await mailRows()).toEqual(before);
    expect((await put(token, change)).status).toBe(202);
  });

  it('do not count registrations whose picture cannot be stored', async () => {
    const person = { email: 'unstored@example.org', name: 'Ada Lovelace', password: PASSWORD };
    const before = await mailRows();
    const register = () => api.ask('POST', '/auth/register', { body: form(person, PNG) });
    expect(await repeatWhileDown(register)).toEqual([503, 503, 503, 503, 503]);
    expect(await mailRows()).toEqual(before);
    await until(async () => (await register()).status === 202);
  });
});

describe('DELETE /user/picture', () => {
  it('removes the picture once, and answers with the profile', async () => {
    const { token, userId } = await signIn();
    await put(token, form({}, PNG));
    const remove = (headers = {}) => api.ask('DELETE', '/user/picture', { token, headers });
    expect((await remove({ 'If-Match': '"0"' })).status).toBe(412);
    for (let time = 1; time <= 2; time++) {
      const answer = await remove();
      expect([answer.status, answer.headers.get('etag'), answer.json.id]).toEqual([200, '"2"', userId]);
    }
    expect((await pictureEventsOf(userId)).map(({ type }) => type)).toEqual([
      'ProfilePictureSubmitted',
      'ProfilePictureRemoved',
    ]);
  });
});

describe('POST /auth/register with a picture', () => {
  const person = (email: string) => ({ email, name: 'Ada Lovelace', password: PASSWORD });

  it('U-02 keeps the upload with the registration, and submits it when that is confirmed', async () => {
    const email = 'with.picture@example.org';
    expect((await api.ask('POST', '/auth/register', { body: form(person(email), PNG) })).status).toBe(202);
    const { rows } = await api.vault.query('select id from registration order by requested_at desc limit 1');
    const registrationId = rows[0].id as string;
    const [key = ''] = await objectsUnder(`pending/${registrationId}/`);
    const body = { token: await api.mailedToken(email), password: PASSWORD };
    expect((await api.ask('POST', '/auth/confirm', { body })).status).toBe(200);
    expect(await pictureEventsOf(userIdOf(registrationId))).toEqual([
      { type: 'ProfilePictureSubmitted', data: { pictureId: key.split('/')[2], registrationId } },
    ]);
    expect(await objectsUnder(`pending/${registrationId}/`)).toEqual([key]);
  });

  it('E-03 stores it alike for a taken address', async () => {
    await signInNewUser(api, 'taken.picture@example.org');
    const before = (await objectsUnder('pending/')).length;
    const answer = await api.ask('POST', '/auth/register', { body: form(person('taken.picture@example.org'), PNG) });
    expect([answer.status, answer.json]).toEqual([202, { status: 'confirmation-sent' }]);
    expect(await objectsUnder('pending/')).toHaveLength(before + 1);
  });

  it('R-06 stores nothing for a source over its mail limit', async () => {
    const limited = await testApi({ ...s3.settings(), LIMIT_MAILS_PER_SOURCE: '1' });
    const register = (email: string) => limited.ask('POST', '/auth/register', { body: form(person(email), PNG) });
    expect((await register('first.limited@example.org')).status).toBe(202);
    const before = (await objectsUnder('pending/')).length;
    expect((await register('second.limited@example.org')).status).toBe(429);
    expect(await objectsUnder('pending/')).toHaveLength(before);
    await limited.close();
  });

  it('U-02 refuses a file that is not a picture, and starts no registration', async () => {
    const registrations = async () => (await api.vault.query('select from registration')).rowCount;
    const before = await registrations();
    const body = form(person('no.picture@example.org'), Buffer.from('%PDF-1.7 and more than sixteen bytes'));
    const answer = await api.ask('POST', '/auth/register', { body });
    expect([answer.status, slugOf(answer)]).toEqual([415, 'not-a-picture']);
    expect(await registrations()).toBe(before);
  });
});
