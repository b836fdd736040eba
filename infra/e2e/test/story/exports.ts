import { expect } from '@jest/globals';
import type { HttpAnswer } from '../../../kit/test/ask.js';
import { until } from '../../../kit/test/until.js';
import { slugOf } from '../apiClient.js';
import { newAuditor } from './grants.js';
import type { Step, Story, StoryUser } from './story.js';

/** Every zip archive begins with it. */
const ZIP = 'PK\u0003\u0004';

const outcome = (answer: HttpAnswer) => [answer.status, slugOf(answer)];

/** Sends a request until the notary has signed a checkpoint that covers the user. */
const exported = async ({ client }: Story, path: string, { accessToken: token }: StoryUser, body: object) => {
  const send = () => client.ask('POST', path, { token, body });
  let answer = await send();
  await until(async () => {
    if (answer.status === 503) answer = await send();
    return answer.status !== 503;
  });
  return answer;
};

const ownExport: Step = {
  title: 'T-11 R-10 exports to users who send their password what is stored about them, once a day',
  run: async (story) => {
    const { ada } = story;
    const wrong = await exported(story, '/user/export', ada, { password: 'not the right password' });
    expect(outcome(wrong)).toEqual([403, 'password-invalid']);
    const { password } = ada;
    const answer = await exported(story, '/user/export', ada, { password });
    expect([answer.status, answer.text.slice(0, 4)]).toEqual([200, ZIP]);
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="export.zip"');
    const again = await exported(story, '/user/export', ada, { password });
    expect(outcome(again)).toEqual([429, 'too-many-attempts']);
    expect(Number(again.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  },
};

const exportByAdministrator: Step = {
  title: 'Z-09 exports the data of a user to an administrator under an open grant, and the user sees it',
  run: async (story) => {
    const { client, ada, grace } = story;
    const audrey = await newAuditor(story, 'audrey.again@example.org');
    const path = `/users/${ada.id}/export`;
    const body = { userId: ada.id, purpose: 'Asked by letter', minutes: 60, password: grace.password };
    const { id: grant } = (await client.ask('POST', '/audit/grants', { token: grace.accessToken, body })).json;
    const asked = { password: grace.password, grant };
    const refused = await exported(story, path, grace, asked);
    expect([...outcome(refused), refused.json.errors]).toMatchObject([403, 'grant-required', [{ field: 'grant' }]]);
    const decision = { decision: 'approve', password: audrey.password };
    await client.ask('POST', `/audit/grants/${grant}/decision`, { token: audrey.accessToken, body: decision });
    const answer = await exported(story, path, grace, asked);
    expect([answer.status, answer.text.slice(0, 4)]).toEqual([200, ZIP]);
    const own = await client.ask('GET', '/user/history', { token: ada.accessToken });
    const reads = own.json.items.filter(({ stream }: { stream: string }) => stream === 'access');
    expect(reads).toContainEqual(
      expect.objectContaining({
        actor: { kind: 'admin', id: grace.id },
        read: { asked: 'export', grantId: grant, reads: 1 },
      }),
    );
    expect(reads).toContainEqual(
      expect.objectContaining({
        actor: { kind: 'user', id: ada.id },
        read: { asked: 'export', grantId: null, reads: 1 },
      }),
    );
    const erasure = { reason: 'Leaves the team', password: grace.password };
    await client.ask('POST', `/users/${audrey.id}/erasure`, { token: grace.accessToken, body: erasure });
  },
};

export const exportSteps: readonly Step[] = [ownExport, exportByAdministrator];
