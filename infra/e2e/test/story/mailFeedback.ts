import { expect } from '@jest/globals';
import { slugOf } from '../apiClient.js';
import { asNotice, forgedNotice } from '../forgedNotice.js';
import { linkOf, mailsTo, nthMail } from '../inbox.js';
import { logIn, register, type Step, type Story, type StoryUser } from './story.js';

const forgedReport: Step = {
  title: 'F-26 refuses a notice about a mail that the mail provider has not signed',
  run: async ({ client }) => {
    const refused = await client.ask('POST', '/hooks/ses', forgedNotice());
    expect([refused.status, slugOf(refused)]).toEqual([403, 'notice-not-proven']);
  },
};

const confirm = async ({ client, inbox }: Story, { email, password }: StoryUser): Promise<void> => {
  const { token } = linkOf(await nthMail(inbox, email, 1));
  expect((await client.ask('POST', '/auth/confirm', { body: { token, password } })).status).toBe(200);
};

const bouncedUser: Step = {
  title:
    'F-26 stops mail to an address that a mail came back from, shows that, and mails the next address of the user again',
  run: async (story) => {
    const { client, inbox, sns, grace } = story;
    if (sns === undefined) return;
    const alan = { email: 'alan@example.org', name: 'Alan Turing', password: 'can machines think at all' };
    const user: StoryUser = { ...alan, id: '', accessToken: '', refreshToken: '' };
    await register(story, user);
    await confirm(story, user);
    const report = asNotice(sns.report('Bounce', user.email));
    const answers = [await client.ask('POST', '/hooks/ses', report), await client.ask('POST', '/hooks/ses', report)];
    expect(answers.map(({ status, json }) => [status, json.status])).toEqual([
      ...[
        [200, 'recorded'],
        [200, 'ignored'],
      ],
    ]);
    const mailBlock = { kind: 'bounce', since: expect.any(String) };
    expect((await logIn(story, user)).json.user).toMatchObject({ mailBlock, revision: 1 });
    await register(story, user);

    const path = `/users/${user.id}/mail-block/end`;
    const asked = { token: grace.accessToken, body: { reason: 'The mailbox was full' } };
    const ended = await client.ask('POST', path, asked);
    expect([ended.status, ended.json.mailBlock]).toEqual([200, null]);
    expect((await client.ask('POST', '/hooks/ses', report)).json.status).toBe('ignored');
    expect((await client.ask('POST', '/hooks/ses', asNotice(sns.report('Complaint', user.email)))).status).toBe(200);
    const refused = await client.ask('POST', path, asked);
    expect([refused.status, slugOf(refused)]).toEqual([409, 'recipient-complained']);

    const next = { ...user, email: 'turing@example.org' };
    const body = { email: next.email, password: user.password };
    expect((await client.ask('PUT', '/user', { token: user.accessToken, body })).status).toBe(202);
    await confirm(story, next);
    // The mail to the next address came after those to the first one, of which none is sent any more.
    expect(await mailsTo(inbox, user.email)).toHaveLength(1);
    expect((await logIn(story, next)).json.user).toMatchObject({ email: next.email, mailBlock: null });
    const erased = await client.ask('DELETE', '/user', { token: next.accessToken, body: { password: user.password } });
    expect(erased.status).toBe(204);
  },
};

export const mailFeedbackSteps: readonly Step[] = [forgedReport, bouncedUser];
