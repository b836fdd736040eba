import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { silentLog } from '@ums/kit/log';
import { PASSWORD, PATIENT_LOG, signInNewUser, type TestApi, testApi } from '../../test/testApi.js';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

/** The registered user's log-in. */
const signIn = async (email: string, headers: Record<string, string> = {}) => {
  await api.ask('POST', '/auth/register', { body: { email, name: 'Ada Lovelace', password: PASSWORD }, headers });
  await api.ask('POST', '/auth/confirm', { body: { token: await api.mailedToken(email), password: PASSWORD } });
  return (await api.ask('POST', '/auth/login', { body: { email, password: PASSWORD } })).json;
};
const eventsOf = async (stream: string) => {
  const eventLog = connectEventLog({ url: api.config.EVENTSTORE_URL, ...PATIENT_LOG, log: silentLog });
  return eventLog.readStream(stream).finally(() => eventLog.close());
};
const form = (fields: Record<string, string>): FormData => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return body;
};

describe('the language of a user', () => {
  it.each([
    ['de-AT,de;q=0.9,en;q=0.8', 'de'],
    ['en-GB,de;q=0.9', 'en'],
    ['fr', 'en'],
  ])('is the one of the Accept-Language that they registered with: %s', async (header, locale) => {
    const { user } = await signIn(`${locale}-${header.length}@example.org`, { 'accept-language': header });
    expect(user.locale).toBe(locale);
    const [registered] = await eventsOf(`user-${user.id}`);
    expect([registered?.type, registered?.data]).toMatchObject(['UserRegistered.v2', { locale }]);
  });

  it('G-01 is all that is stored of the Accept-Language', async () => {
    const { user } = await signIn('canary@example.org', { 'accept-language': 'de-x-canary, fr-x-canary;q=0.5' });
    const [registered] = await eventsOf(`user-${user.id}`);
    const { registrationId } = (registered?.data ?? {}) as { registrationId?: string };
    const [requested] = await eventsOf(`registration-${registrationId}`);
    expect([requested?.data, registered?.data]).toMatchObject([{ locale: 'de' }, { locale: 'de' }]);
    expect(JSON.stringify([requested?.data, requested?.metadata, registered?.data])).not.toContain('canary');
  });

  it('changes with PUT /user, as JSON and as a form, and a repeat appends nothing', async () => {
    const { accessToken: token, user } = await signInNewUser(api, 'change@example.org');
    const put = (body: unknown) => api.ask('PUT', '/user', { token, body });
    for (const [body, etag, locale] of [
      [{ locale: 'de' }, '"1"', 'de'],
      [{ locale: 'de' }, '"1"', 'de'],
      [form({ locale: 'en' }), '"2"', 'en'],
      [form({ locale: 'de', name: 'Ada King' }), '"4"', 'de'],
    ] as const) {
      const answer = await put(body);
      expect([answer.status, answer.headers.get('etag'), answer.json.locale]).toEqual([200, etag, locale]);
    }
    const changes = (await eventsOf(`user-${user.id}`)).filter(({ type }) => type === 'UserLocaleChanged');
    expect(changes.map(({ data }) => data)).toEqual([{ locale: 'de' }, { locale: 'en' }, { locale: 'de' }]);
  });

  it('is refused if the service does not have it, by the name of the field and without its value', async () => {
    const { accessToken: token, user } = await signInNewUser(api, 'refused@example.org');
    for (const body of [{ locale: 'fr-canary' }, form({ locale: 'fr-canary' }), { locale: 'DE' }, { locale: '' }]) {
      const { status, json, text } = await api.ask('PUT', '/user', { token, body });
      expect([status, json.errors]).toEqual([400, [{ field: 'locale', message: 'must be one of: en, de' }]]);
      expect(text).not.toContain('canary');
    }
    const list = await api.ask('PUT', '/user', { token, body: { locale: ['de'] } });
    expect([list.status, list.json.errors]).toMatchObject([400, [{ field: 'locale' }]]);
    expect(await eventsOf(`user-${user.id}`)).toHaveLength(1);
  });
});
