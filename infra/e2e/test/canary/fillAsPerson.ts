import { expect } from '@jest/globals';
import { CANARY, exif } from '../../../../notifier/test/pictures/exif.js';
import { exifSegment, withSegments } from '../../../../notifier/test/pictures/jpegSegments.js';
import { picture } from '../../../../notifier/test/pictures/samplePictures.js';
import { until } from '../../../kit/test/until.js';
import { forgedNotice } from '../forgedNotice.js';
import { linkOf, nthMail } from '../inbox.js';
import type { Story } from '../story/story.js';
import { textWith, wordFor } from './canaryWords.js';

export const NEW_EMAIL = `${wordFor('newemail')}@example.org`;

const ownProfile = async ({ client, ada }: Story) =>
  (await client.ask('GET', '/user', { token: ada.accessToken })).json;

/**
 * Fills everything that a person can fill besides the registration: another registration of the same address, log-ins that
 * succeed and fail, another name, another address, another password and a picture.
 *
 * @returns what only the pictures hold: part of a square that was made of the upload, and a text in its metadata
 */
export const fillAsPerson = async (story: Story) => {
  const { client, inbox, ada } = story;
  const { email, password } = ada;
  const headers = { 'user-agent': `canary-browser/1.0 (${wordFor('agent')})` };
  const again = { email, password, name: textWith('othername') };
  const language = { 'accept-language': `en, x-${wordFor('language')};q=0.1` };
  expect((await client.ask('POST', '/auth/register', { body: again, headers: language })).status).toBe(202);
  await nthMail(inbox, email, 2);

  const logIn = (secret: string) => client.ask('POST', '/auth/login', { body: { email, password: secret }, headers });
  expect((await logIn(textWith('wrongsecret'))).status).toBe(401);
  const { refreshToken } = (await logIn(password)).json;
  expect((await client.ask('POST', '/auth/logout', { body: { refreshToken }, headers })).status).toBe(204);

  const asked = { token: ada.accessToken };
  const marked = { 'idempotency-key': wordFor('idempotency'), 'x-correlation-id': wordFor('correlation') };
  const rename = { ...asked, body: { name: textWith('newname') }, headers: { ...headers, ...marked } };
  for (let turn = 0; turn < 2; turn++) expect((await client.ask('PUT', '/user', rename)).status).toBe(200);
  const change = { ...asked, body: { email: NEW_EMAIL, password, locale: 'de' }, headers };
  expect((await client.ask('PUT', '/user', change)).status).toBe(202);
  const { token } = linkOf(await nthMail(inbox, NEW_EMAIL, 1));
  expect((await client.ask('POST', '/auth/confirm', { body: { token, password }, headers })).status).toBe(200);
  await until(async () => (await ownProfile(story)).email === NEW_EMAIL);
  expect((await client.ask('POST', '/auth/send', { body: { email: NEW_EMAIL }, headers })).status).toBe(202);
  const report = JSON.stringify({ eventType: 'Bounce', mail: { destination: [email] } });
  expect((await client.ask('POST', '/hooks/ses', forgedNotice(report))).status).toBeGreaterThanOrEqual(400);
  await changePassword(story, headers);
  return sendPicture(story);
};

/** A refused change first: its passwords must leave as few traces. */
const changePassword = async ({ client, ada }: Story, headers: Record<string, string>) => {
  const put = (password: string, newPassword: string) =>
    client.ask('PUT', '/user/password', { token: ada.accessToken, body: { password, newPassword }, headers });
  expect((await put(textWith('wrongsecret'), textWith('newsecret'))).status).toBe(403);
  const newPassword = textWith('newsecret');
  const { status, json } = await put(ada.password, newPassword);
  expect(status).toBe(200);
  const chosen = { name: textWith('othername'), newPassword, newPasswordAgain: newPassword };
  const form = new URLSearchParams({ token: 'cut off', ...chosen });
  expect((await client.ask('POST', '/auth/confirm', { body: form.toString(), headers })).status).toBe(400);
  Object.assign(ada, { password: newPassword, accessToken: json.accessToken, refreshToken: json.refreshToken });
};

const sendPicture = async (story: Story) => {
  const { client, ada } = story;
  const own = async () => (await ownProfile(story)).picture;
  const body = new FormData();
  const upload = withSegments(picture, exifSegment(exif({ orientation: 1 })));
  body.set('picture', new Blob([upload]), `${wordFor('filename')}.jpg`);
  await until(async () => (await client.ask('PUT', '/user', { token: ada.accessToken, body })).status === 202);
  await until(async () => (await own())?.status === 'ready');
  const square = await (await fetch((await own()).urls['512'])).arrayBuffer();
  return { square: Buffer.from(square).subarray(-40), camera: CANARY };
};
