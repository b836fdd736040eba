import { expect } from '@jest/globals';
import type { HttpAnswer } from '../../../kit/test/ask.js';
import { until } from '../../../kit/test/until.js';
import { slugOf } from '../apiClient.js';
import { linkOf, nthMail } from '../inbox.js';
import { logIn, register, type Step, type Story, type StoryUser } from './story.js';

const PURPOSE = 'Complaint of the user, ticket 4711';
const SEVEN_DAYS_MS = 7 * 86_400_000;

/** Registers an auditor, who is there for one step only. @param email of nobody who ever registered */
export const newAuditor = async (story: Story, email: string): Promise<StoryUser> => {
  const { client, inbox, grace } = story;
  const names = { email, name: 'Audrey', password: 'seven bombes under one roof' };
  const audrey = { ...names, id: '', accessToken: '', refreshToken: '' };
  await register(story, audrey);
  const { token } = linkOf(await nthMail(inbox, audrey.email, 1));
  await client.ask('POST', '/auth/confirm', { body: { token, password: audrey.password } });
  await logIn(story, audrey);
  const body = { roles: ['user', 'auditor'], reason: 'Joins the audit', password: grace.password };
  await client.ask('PUT', `/users/${audrey.id}/roles`, { token: grace.accessToken, body });
  await logIn(story, audrey);
  return audrey;
};

const outcome = (answer: HttpAnswer) => [answer.status, slugOf(answer)];

const grant: Step = {
  title:
    'Z-09 opens a grant for an auditor once an administrator approves, until it is ended or the auditor may not audit',
  run: async (story) => {
    const { client, ada, grace } = story;
    const audrey = await newAuditor(story, 'audrey@example.org');
    const ask = ({ accessToken: token, password }: StoryUser) =>
      client.ask('POST', '/audit/grants', {
        token,
        body: { userId: ada.id, purpose: PURPOSE, minutes: 60, password },
      });
    const decide = ({ accessToken: token, password }: StoryUser, id: string) =>
      client.ask('POST', `/audit/grants/${id}/decision`, { token, body: { decision: 'approve', password } });
    const read = async ({ accessToken: token }: StoryUser, id: string) =>
      (await client.ask('GET', `/audit/grants/${id}`, { token })).json;

    expect(outcome(await ask(ada))).toEqual([403, 'forbidden']);
    const asked = await ask(audrey);
    expect([asked.status, asked.json]).toMatchObject([201, { state: 'asked', askedBy: audrey.id, purpose: PURPOSE }]);
    const { id, askedAt, endsAt } = asked.json;
    expect(Date.parse(endsAt) - Date.parse(askedAt)).toBe(SEVEN_DAYS_MS);
    expect(await read(grace, id)).toEqual(asked.json);
    const list = async ({ accessToken: token }: StoryUser, status: string) =>
      client.ask('GET', `/audit/grants?status=${status}`, { token });
    const { purpose: _, ...summary } = asked.json;
    await until(async () => (await list(grace, 'waiting')).json.items.length > 0);
    expect((await list(grace, 'waiting')).json).toEqual({ items: [summary], next: null });
    expect(outcome(await list(ada, 'waiting'))).toEqual([403, 'forbidden']);
    expect(outcome(await list(audrey, 'asked'))).toEqual([400, 'validation-failed']);
    expect(outcome(await decide(audrey, id))).toEqual([403, 'own-grant']);
    const approved = await decide(grace, id);
    expect([approved.status, approved.json]).toMatchObject([200, { state: 'open', decidedBy: grace.id }]);
    await until(async () => (await list(audrey, 'open')).json.items[0]?.id === id);
    expect((await list(grace, 'waiting')).json.items).toEqual([]);
    const readByAda = await client.ask('GET', `/audit/grants/${id}`, { token: ada.accessToken });
    expect(outcome(readByAda)).toEqual([403, 'forbidden']);

    const historyOf = ({ accessToken: token }: StoryUser, query: string) =>
      client.ask('GET', `/users/${ada.id}/history?order=asc${query}`, { token });
    const [shown, masked] = [await historyOf(audrey, `&grant=${id}`), await historyOf(grace, `&grant=${id}`)];
    expect(shown.json.items[1].changes).toEqual([{ field: 'name', before: 'Ada Lovelace', after: 'Ada King' }]);
    expect(masked.text).not.toContain('Ada King');
    const own = await client.ask('GET', '/user/history', { token: ada.accessToken });
    expect(own.json.items).toContainEqual(
      expect.objectContaining({
        ...{ stream: 'access', actor: { kind: 'auditor', id: audrey.id } },
        read: { asked: 'history', grantId: id, reads: 1 },
      }),
    );

    const second = (await ask(audrey)).json.id;
    const byAda = await client.ask('DELETE', `/audit/grants/${second}`, { token: ada.accessToken });
    expect(outcome(byAda)).toEqual([403, 'forbidden']);
    expect((await client.ask('DELETE', `/audit/grants/${second}`, { token: grace.accessToken })).status).toBe(204);
    expect(await read(audrey, second)).toMatchObject({ state: 'ended', endReason: 'revoked' });

    const erasure = { reason: 'Leaves the team', password: grace.password };
    await client.ask('POST', `/users/${audrey.id}/erasure`, { token: grace.accessToken, body: erasure });
    expect(await read(grace, id)).toMatchObject({ state: 'ended', endReason: 'asker-not-authorized' });
    // The second one is in the list up to a second after it was asked for.
    await until(async () => {
      const ended = (await list(grace, 'ended')).json.items.map((one: { id: string }) => one.id);
      return ended.includes(id) && ended.includes(second);
    });
  },
};

const waiting: Step = {
  title: 'Z-10 lets 20 requests of an auditor wait, and takes the next one once one of them is withdrawn',
  run: async (story) => {
    const { client, ada, grace } = story;
    const { id: userId, accessToken: token, password } = await newAuditor(story, 'audrey.the.third@example.org');
    const ask = (about: string) =>
      client.ask('POST', '/audit/grants', { token, body: { userId: about, purpose: PURPOSE, minutes: 60, password } });
    const ids: string[] = [];
    for (let time = 0; time < 20; time += 1) ids.push((await ask(ada.id)).json.id);
    expect(outcome(await ask(ada.id))).toEqual([409, 'grants-waiting']);
    expect((await client.ask('DELETE', `/audit/grants/${ids[0]}`, { token })).status).toBe(204);
    expect((await ask(ada.id)).status).toBe(201);

    const erasure = { reason: 'Leaves the team', password: grace.password };
    await client.ask('POST', `/users/${userId}/erasure`, { token: grace.accessToken, body: erasure });
    const body = { userId, purpose: PURPOSE, minutes: 60, password: grace.password };
    const aboutErased = await client.ask('POST', '/audit/grants', { token: grace.accessToken, body });
    expect(outcome(aboutErased)).toEqual([410, 'user-erased']);
    expect(aboutErased.json).toMatchObject({ erasedAt: expect.any(String), errors: [{ field: 'userId' }] });
  },
};

export const grantSteps: readonly Step[] = [grant, waiting];
