import { expect } from '@jest/globals';
import { picture } from '../../../../notifier/test/pictures/samplePictures.js';
import { until } from '../../../kit/test/until.js';
import { slugOf } from '../apiClient.js';
import { linkOf, nthMail } from '../inbox.js';
import { consistentWith, logIn, type Step } from './story.js';

const rename: Step = {
  title: 'F-31 reads a new name at once; the same name again appends no event, and a stale ETag is refused',
  run: async ({ client, ada }) => {
    const token = ada.accessToken;
    const put = (name: string, headers: Record<string, string> = {}) =>
      client.ask('PUT', '/user', { token, body: { name }, headers });
    const renamed = await put('Ada King', { 'if-match': '"0"' });
    expect([renamed.status, renamed.headers.get('etag')]).toEqual([200, '"1"']);
    expect(renamed.json).toMatchObject({ name: 'Ada King', revision: 1 });
    ada.name = 'Ada King';
    const read = await client.ask('GET', '/user', { token, headers: consistentWith(renamed) });
    expect([read.json, read.headers.get('etag')]).toEqual([renamed.json, '"1"']);

    const unchanged = await put('Ada King');
    expect([unchanged.status, unchanged.json, consistentWith(unchanged)]).toEqual([
      200,
      renamed.json,
      consistentWith(renamed),
    ]);
    const stale = await put('Ada', { 'if-match': '"0"' });
    expect([stale.status, slugOf(stale)]).toEqual([412, 'stale-revision']);
  },
};

const idempotency: Step = {
  title: 'F-01 answers a repeat under an Idempotency-Key alike, and refuses another request under that key with 422',
  run: async ({ client, ada }) => {
    const headers = { 'idempotency-key': 'the first rename' };
    const put = (name: string) => client.ask('PUT', '/user', { token: ada.accessToken, body: { name }, headers });
    expect((await put('Ada')).status).toBe(400);
    headers['idempotency-key'] = 'rename-1';
    const [first, repeat, other] = [await put('Ada Byron'), await put('Ada Byron'), await put('Ada')];
    expect([first.status, repeat.status, repeat.text]).toEqual([200, 200, first.text]);
    expect([other.status, slugOf(other)]).toEqual([422, 'idempotency-key-reused']);
    ada.name = 'Ada Byron';
  },
};

const language: Step = {
  title: 'changes the language of mails, and refuses one that the service does not have',
  run: async ({ client, ada }) => {
    const put = (locale: string) => client.ask('PUT', '/user', { token: ada.accessToken, body: { locale } });
    const refused = await put('fr');
    expect([refused.status, refused.json.errors]).toMatchObject([400, [{ field: 'locale' }]]);
    const changed = await put('de');
    expect([changed.status, changed.json.locale]).toEqual([200, 'de']);
    const read = await client.ask('GET', '/user', { token: ada.accessToken, headers: consistentWith(changed) });
    expect(read.json).toEqual(changed.json);
  },
};

const addressChange: Step = {
  title:
    'E-05 changes an address with the link mailed to the new one, and undoes it with the link mailed to the old one',
  run: async (story) => {
    const { client, inbox, grace } = story;
    const { email: before, password } = grace;
    const after = 'grace.hopper@example.org';
    const put = (body: object) => client.ask('PUT', '/user', { token: grace.accessToken, body });
    const wrong = await put({ email: after, password: 'not the right password' });
    expect([wrong.status, slugOf(wrong)]).toEqual([403, 'password-invalid']);
    const requested = await put({ email: after, password });
    expect([requested.status, requested.json]).toMatchObject([202, { email: before, revision: 1 }]);

    const follow = (token: string) => client.ask('POST', '/auth/confirm', { body: { token, password } });
    const { token } = linkOf(await nthMail(inbox, after, 1));
    const confirmed = await follow(token);
    expect([confirmed.status, confirmed.json]).toEqual([200, { status: 'email-changed' }]);
    const headers = consistentWith(confirmed);
    expect((await client.ask('GET', '/user', { token: grace.accessToken, headers })).json.email).toBe(after);
    await logIn(story, { ...grace, email: after });

    const [notice, changed] = [await nthMail(inbox, before, 2), await nthMail(inbox, before, 3)];
    expect([notice.subject, changed.subject]).toEqual([
      'Your account may get a new e-mail address',
      'Your account has a new e-mail address',
    ]);
    const undone = await client.ask('POST', '/auth/confirm', { body: { token: linkOf(changed).token } });
    expect([undone.status, undone.json]).toEqual([200, { status: 'email-change-undone' }]);
    expect((await put({ name: 'Eve' })).status).toBe(401);
    expect((await follow(token)).status).toBe(400);
    expect((await logIn(story, grace)).json.user.email).toBe(before);
    const restored = await nthMail(inbox, before, 4);
    expect([restored.subject, linkOf(restored).token]).toEqual([
      'Your account has this e-mail address',
      expect.stringContaining('.reset.'),
    ]);
  },
};

const pictureOfUser: Step = {
  title: 'U-02 takes a picture and removes it, and refuses other files',
  run: async ({ client, grace }) => {
    const token = grace.accessToken;
    const put = (file: Uint8Array) => {
      const body = new FormData();
      body.set('picture', new Blob([file]), 'picture.jpg');
      return client.ask('PUT', '/user', { token, body });
    };
    const remove = (headers = {}) => client.ask('DELETE', '/user/picture', { token, headers });
    const refused = await put(Buffer.from('not a picture, but long enough to be one'));
    expect([refused.status, slugOf(refused)]).toEqual([415, 'not-a-picture']);
    // The object storage may not answer in time on a busy machine.
    await until(async () => (await put(picture)).status === 202);
    const stale = await remove({ 'if-match': '"0"' });
    expect([stale.status, slugOf(stale)]).toEqual([412, 'stale-revision']);
    const removed = await remove();
    expect([removed.status, removed.json.picture]).toEqual([200, null]);
    const read = await client.ask('GET', '/user', { token, headers: consistentWith(removed) });
    expect(read.json.picture).toBeNull();
  },
};

export const profileSteps: readonly Step[] = [rename, idempotency, language, addressChange, pictureOfUser];
