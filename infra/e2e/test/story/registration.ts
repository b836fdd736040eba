import { expect } from '@jest/globals';
import { FORGED_TOKEN } from '../../../../command-api/test/forgedToken.js';
import { slugOf } from '../apiClient.js';
import { linkOf, mailsTo, nthMail } from '../inbox.js';
import { consistentWith, logIn, register, type Step } from './story.js';

const confirmationByForm: Step = {
  title: 'I-06 registers and confirms with the page behind the mailed link; opening the page changes nothing',
  run: async (story) => {
    const { client, inbox, publicUrl, ada } = story;
    await register(story, { ...ada, email: 'Ada@example.org' });
    const mail = await nthMail(inbox, ada.email, 1);
    const { url, token } = linkOf(mail);
    expect([url, mail.subject]).toEqual([`${publicUrl}/api/v1/auth/confirm`, 'Confirm your e-mail address']);
    expect(mail.body.html).toContain(`href="${url}?token=`);

    for (const query of [`?token=${encodeURIComponent(token)}`, `?token=${FORGED_TOKEN}`]) {
      const page = await client.ask('GET', `/auth/confirm${query}`);
      expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect(page.text).toContain('<form method="post" action="/api/v1/auth/confirm">');
    }
    const { email, password } = ada;
    const early = await client.ask('POST', '/auth/login', { body: { email, password } });
    expect([early.status, slugOf(early)]).toEqual([403, 'email-not-confirmed']);

    const form = (fields: Record<string, string>) => String(new URLSearchParams(fields));
    const wrong = await client.ask('POST', '/auth/confirm', {
      body: form({ token, password: 'another one entirely' }),
    });
    expect([wrong.status, wrong.text]).toEqual([403, expect.stringContaining('role="alert"')]);
    const confirmed = await client.ask('POST', '/auth/confirm', { body: form({ token, password }) });
    expect([confirmed.status, confirmed.text]).toEqual([200, expect.stringContaining('is confirmed')]);
  },
};

const confirmationByJson: Step = {
  title: 'T-10 confirms with JSON, answers a repeat in the same way, and refuses all invalid tokens in the same way',
  run: async (story) => {
    const { client, inbox, grace } = story;
    await register(story, grace);
    const { token } = linkOf(await nthMail(inbox, grace.email, 1));
    const { password } = grace;
    const refused = [];
    for (const bad of ['nonsense', `${token}x`, token.slice(0, -4)]) {
      const { status, json } = await client.ask('POST', '/auth/confirm', { body: { token: bad, password } });
      refused.push({ status, type: json.type.split('/').at(-1), title: json.title });
    }
    expect(new Set(refused.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(refused[0]).toMatchObject({ status: 400, type: 'token-invalid' });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const confirmed = await client.ask('POST', '/auth/confirm', { body: { token, password } });
      expect([confirmed.status, confirmed.json]).toEqual([200, { status: 'confirmed' }]);
    }
  },
};

const firstLogin: Step = {
  title: 'F-31 logs in right after the confirmation, and reads the profile with the consistency token of the login',
  run: async (story) => {
    const { client, ada, grace } = story;
    const loggedIn = await logIn(story, ada);
    expect(loggedIn.json).toMatchObject({ tokenType: 'Bearer', expiresIn: 600 });
    const profile = await client.ask('GET', '/user', { token: ada.accessToken, headers: consistentWith(loggedIn) });
    expect([profile.status, profile.headers.get('etag')]).toEqual([200, '"0"']);
    expect(profile.json).toEqual(loggedIn.json.user);
    expect(profile.json).toMatchObject({ email: ada.email, name: ada.name, status: 'active', roles: ['user'] });
    await logIn(story, grace);
    for (const body of [
      { email: ada.email, password: 'not the right password' },
      { email: 'unknown@example.org', password: ada.password },
    ]) {
      const refused = await client.ask('POST', '/auth/login', { body });
      expect([refused.status, slugOf(refused)]).toEqual([401, 'credentials-invalid']);
    }
  },
};

const knownAddresses: Step = {
  title:
    'E-01 answers known and unknown addresses alike; mails the owner of a known one, and resends the mail of a waiting one',
  run: async (story) => {
    const { client, inbox, ada, grace, linus } = story;
    await register(story, { ...ada, name: 'Someone Else' });
    expect((await nthMail(inbox, ada.email, 2)).subject).toBe('You already have an account');
    await register(story, linus);
    const first = await nthMail(inbox, linus.email, 1);
    const sent = [];
    for (const email of ['unknown@example.org', grace.email, linus.email]) {
      const { status, text } = await client.ask('POST', '/auth/send', { body: { email } });
      sent.push({ status, text });
    }
    expect(sent).toEqual(Array(3).fill({ status: 202, text: '{"status":"confirmation-sent"}' }));
    expect(linkOf(await nthMail(inbox, linus.email, 2))).toEqual(linkOf(first));
    expect([await mailsTo(inbox, 'unknown@example.org'), await mailsTo(inbox, grace.email)]).toMatchObject([[], [{}]]);
  },
};

export const registrationSteps: readonly Step[] = [confirmationByForm, confirmationByJson, firstLogin, knownAddresses];
