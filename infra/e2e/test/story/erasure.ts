import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { parseVerifierKeys } from '@ums/verifier/note/verifierKeys';
import { verifyReceipt } from '@ums/verifier/receipt/verifyReceipt';
import type { HttpAnswer } from '../../../kit/test/ask.js';
import { until } from '../../../kit/test/until.js';
import { slugOf } from '../apiClient.js';
import { linkOf, nthMail } from '../inbox.js';
import { erasedHistory } from './history.js';
import { consistentWith, logIn, register, type Step, type Story } from './story.js';

/** A random UUID (RFC 9562, version 4). */
const RECEIPT = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const erasure: Step = {
  title:
    'T-11 T-08 erases users who send their password: no read finds them, and they get a last mail in their language',
  run: async (story) => {
    const { client, inbox, ada, grace } = story;
    const token = ada.accessToken;
    const wrong = await client.ask('DELETE', '/user', { token, body: { password: 'not the right password' } });
    expect([wrong.status, slugOf(wrong)]).toEqual([403, 'password-invalid']);
    expect((await client.ask('GET', '/user', { token })).status).toBe(200);

    const erased = await client.ask('DELETE', '/user', { token, body: { password: ada.password } });
    expect([erased.status, erased.text]).toEqual([204, '']);
    expect(erased.headers.get('Erasure-Receipt')).toMatch(RECEIPT);
    const headers = consistentWith(erased);
    expect([401, 404]).toContain((await client.ask('GET', '/user', { token, headers })).status);
    await until(async () => (await client.ask('GET', '/user', { token })).status === 401);
    const list = await client.ask('GET', '/users', { token: grace.accessToken, headers });
    expect(list.json.items.map(({ id }: { id: string }) => id)).toEqual([grace.id]);
    const one = await client.ask('GET', `/users/${ada.id}`, { token: grace.accessToken, headers });
    expect([one.status, slugOf(one)]).toEqual([404, 'not-found']);
    const { email, password } = ada;
    const login = await client.ask('POST', '/auth/login', { body: { email, password } });
    expect([login.status, slugOf(login)]).toEqual([401, 'credentials-invalid']);
    const last = await nthMail(inbox, email, 3);
    expect(last.subject).toBe('Ihr Konto wurde gelöscht');
    story.receipt = erased.headers.get('Erasure-Receipt') ?? '';
    expect(last.body.text).toContain(`/erasures/${story.receipt}\n`);
  },
};

/** Registers Ada again, confirms with the link in the mail of this number, and logs in. @returns the answer to the login */
const registerAgain = async (story: Story, mail: number): Promise<HttpAnswer> => {
  const { client, inbox, ada } = story;
  await register(story, { ...ada, name: 'Ada again' });
  const { token } = linkOf(await nthMail(inbox, ada.email, mail));
  const { password } = ada;
  expect((await client.ask('POST', '/auth/confirm', { body: { token, password } })).status).toBe(200);
  return logIn(story, ada);
};

const erasureByPost: Step = {
  title: 'T-11 erases users with POST as with DELETE',
  run: async (story) => {
    const { client, inbox, ada } = story;
    await registerAgain(story, 4);
    const token = ada.accessToken;
    const wrong = await client.ask('POST', '/user/erasure', { token, body: { password: 'not the right password' } });
    expect([wrong.status, slugOf(wrong)]).toEqual([403, 'password-invalid']);
    const erased = await client.ask('POST', '/user/erasure', { token, body: { password: ada.password } });
    expect([erased.status, erased.text]).toEqual([204, '']);
    expect(erased.headers.get('Erasure-Receipt')).toMatch(RECEIPT);
    expect((await nthMail(inbox, ada.email, 5)).subject).toBe('Your account has been erased');
  },
};

const erasureByAdministrator: Step = {
  title: 'erases a suspended user for an administrator who sends their own password',
  run: async (story) => {
    const { client, inbox, ada, grace } = story;
    await registerAgain(story, 6);
    const path = `/users/${ada.id}`;
    const erase = (password: string, token = grace.accessToken) =>
      client.ask('POST', `${path}/erasure`, { token, body: { reason: 'Asked by letter', password } });
    const byAda = await erase(ada.password, ada.accessToken);
    expect([byAda.status, slugOf(byAda)]).toEqual([403, 'forbidden']);
    const asked = { token: grace.accessToken, body: { reason: 'Reported for abuse' } };
    expect((await client.ask('POST', `${path}/suspension`, asked)).status).toBe(200);
    const wrong = await erase(ada.password);
    expect([wrong.status, slugOf(wrong)]).toEqual([403, 'password-invalid']);
    const erased = await erase(grace.password);
    expect([erased.status, erased.text]).toEqual([204, '']);
    expect(erased.headers.get('Erasure-Receipt')).toMatch(RECEIPT);
    const read = await client.ask('GET', path, { token: grace.accessToken, headers: consistentWith(erased) });
    expect([read.status, slugOf(read)]).toEqual([404, 'not-found']);
    expect((await nthMail(inbox, ada.email, 7)).subject).toBe('Your account has been erased');
  },
};

const erasureReceipt: Step = {
  title: 'G-11 tells who has the receipt what became of the erasure, and nobody else',
  run: async ({ client, publicUrl, receipt, ada }) => {
    const read = () => client.ask('GET', `/erasures/${receipt}`);
    // Reads of receipts count against the limit of a source, and a projection may take seconds to be known for whole.
    const isDone = async (step: string) => (await read()).json.steps[step].state === 'done' || sleep(100, false);
    for (const step of ['pictures', 'mailRecords', 'readModels']) await until(() => isDone(step));
    await until(async () => (await read()).json.signed !== null);
    const { status, json, text } = await read();
    const done = { state: 'done', at: expect.any(String) };
    expect([status, json]).toEqual([200, expect.objectContaining({ receipt, complete: false })]);
    expect(json.steps).toMatchObject({ keyDestroyed: done, addressesReleased: done, sessionsEnded: done });
    for (const trace of [ada.email, ada.name, ada.id]) expect(text).not.toContain(trace);
    const keys = parseVerifierKeys(await (await fetch(`${publicUrl}/.well-known/notary-keys`)).text());
    expect(verifyReceipt(json, keys)).toContain(`the receipt ${receipt} of an erasure, signed by the notary of ums/`);
    const unknown = await client.ask('GET', '/erasures/00000000-0000-4000-8000-000000000000');
    expect([unknown.status, slugOf(unknown)]).toEqual([404, 'not-found']);
    const malformed = await client.ask('GET', '/erasures/x');
    expect([malformed.status, slugOf(malformed)]).toEqual([400, 'validation-failed']);
  },
};

const newRegistration: Step = {
  title: 'G-01 E-06 lets the address of an erased user register again, as a new user, with the link of a stranger too',
  run: async (story) => {
    const { client, inbox, ada } = story;
    const erasedId = ada.id;
    await register(story, { ...ada, name: 'A stranger', password: 'known to the stranger alone' });
    const { token } = linkOf(await nthMail(inbox, ada.email, 8));
    const own = { token, name: 'Ada again', newPassword: ada.password };
    expect((await client.ask('POST', '/auth/confirm', { body: own })).status).toBe(200);
    const { json } = await logIn(story, ada);
    expect([json.user.name, json.user.revision]).toEqual(['Ada again', 0]);
    expect(json.user.id).not.toBe(erasedId);
  },
};

export const erasureSteps: readonly Step[] = [
  ...[erasure, erasureReceipt, erasureByPost, erasureByAdministrator, erasedHistory, newRegistration],
];
