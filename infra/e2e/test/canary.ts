import { createHmac } from 'node:crypto';
import { expect } from '@jest/globals';
import { CANARY, exif } from '../../../notifier/test/pictures/exif.js';
import { exifSegment, withSegments } from '../../../notifier/test/pictures/jpegSegments.js';
import { picture } from '../../../notifier/test/pictures/samplePictures.js';
import { anyFileContains, filesContaining } from '../../embedded/test/filesContaining.js';
import { execute } from '../../embedded/test/postgres.js';
import { until } from '../../kit/test/until.js';
import type { DataSources } from '../src/oracle/findDifferences.js';
import { type KeyRow, keyRing, unseal } from '../src/oracle/keyRing.js';
import { loggedEvents } from '../src/oracle/loggedEvents.js';
import { linkOf, mailsTo, nthMail } from './inbox.js';
import { logIn, newStory, register, type Story, type StoryEnvironment, type StoryUser } from './story/story.js';

/** Personal data and key material that must be gone after an erasure, by name. */
export type Traces = Readonly<Record<string, string | Buffer>>;

/** A user who leaves traces, and another one who stays. */
export interface Canary {
  traces: Traces;
  /** An address that must still be there at the end, which proves that traces are found. */
  kept: string;
  /** Erases the user and waits until nothing of the erasure is left to do. */
  erase(): Promise<void>;
}

/** Reads key, wrapped key and password hash of a user from log and vault, before the erasure, and derives the address MACs. */
const secretTracesOf = async (
  { eventLog, vault, secrets }: DataSources,
  { id, email, newEmail }: Story['ada'] & { newEmail: string },
) => {
  const { rows } = await execute(vault, 'select * from data_key');
  const keyOf = keyRing(Buffer.from(secrets.MASTER_KEY, 'base64'), rows as KeyRow[]);
  const wrapped = (rows as KeyRow[]).find(({ subject }) => subject === id)?.wrapped;
  const [key, registered] = [
    keyOf(id),
    (await loggedEvents(eventLog)).find(({ stream, type }) => stream === `user-${id}` && type === 'UserRegistered.v2'),
  ];
  if (!Buffer.isBuffer(key) || !wrapped || registered === undefined)
    throw new Error('the user has no key or no UserRegistered.v2 event');
  const hash = unseal(key, registered.data.passwordHash, [id, registered.type, registered.id, 'passwordHash']);
  expect(hash).toContain('$2');
  const addressKey = Buffer.from(secrets.ADDRESS_KEY, 'base64');
  const macOf = (address: string) => createHmac('sha256', addressKey).update(address).digest();
  return { key, wrapped, hash, mac: macOf(email), newMac: macOf(newEmail) };
};

/** Uploads a picture whose metadata has a text of its own. @returns part of a square that was made of it, and that text */
const pictureTraces = async ({ client, ada }: Story) => {
  const own = async () => (await client.ask('GET', '/user', { token: ada.accessToken })).json.picture;
  const body = new FormData();
  body.set('picture', new Blob([withSegments(picture, exifSegment(exif({ orientation: 1 })))]), 'picture.jpg');
  await until(async () => (await client.ask('PUT', '/user', { token: ada.accessToken, body })).status === 202);
  await until(async () => (await own())?.status === 'ready');
  const square = await (await fetch((await own()).urls['512'])).arrayBuffer();
  return { square: Buffer.from(square).subarray(-40), camera: CANARY };
};

/** Asks for a grant about the first user. @returns its purpose */
const purposeTrace = async (story: Story, administrator: StoryUser) => {
  await logIn(story, administrator);
  const { accessToken: token, password } = administrator;
  const purpose = 'Persephone lost her key, ticket 4711';
  const body = { userId: story.ada.id, purpose, minutes: 60, password };
  expect((await story.client.ask('POST', '/audit/grants', { token, body })).status).toBe(201);
  return purpose;
};

/**
 * Registers the two users, changes the name, the address and the picture of the first, and asks for a grant about them.
 * @param administrator by default the second user, who is appointed
 */
export const registerCanary = async (
  environment: StoryEnvironment,
  sources: DataSources,
  administrator?: StoryUser,
): Promise<Canary> => {
  const story = newStory(environment);
  const { client, inbox, ada, grace } = story;
  Object.assign(ada, {
    email: 'persephone.canary@example.org',
    name: 'Persephone Canary',
    password: 'a quiet yellow bird 1',
  });
  Object.assign(grace, { email: 'remaining.canary@example.org' });
  for (const user of [ada, grace]) {
    await register(story, user);
    const { token } = linkOf(await nthMail(inbox, user.email, 1));
    const { password } = user;
    expect((await client.ask('POST', '/auth/confirm', { body: { token, password } })).status).toBe(200);
    await logIn(story, user);
  }
  const newName = 'Persephone Kanarienvogel';
  const headers = { 'user-agent': 'canary-browser/1.0' };
  const renamed = await client.ask('PUT', '/user', { token: ada.accessToken, body: { name: newName }, headers });
  expect(renamed.status).toBe(200);
  await until(async () => (await client.ask('GET', '/user', { token: ada.accessToken })).json.name === newName);
  const { email, name, password } = ada;
  const newEmail = 'kanarienvogel@example.org';
  const change = { token: ada.accessToken, body: { email: newEmail, password } };
  expect((await client.ask('PUT', '/user', change)).status).toBe(202);
  const { token } = linkOf(await nthMail(inbox, newEmail, 1));
  expect((await client.ask('POST', '/auth/confirm', { body: { token, password } })).status).toBe(200);
  await until(async () => (await client.ask('GET', '/user', { token: ada.accessToken })).json.email === newEmail);
  const agent = headers['user-agent'];
  const pictures = await pictureTraces(story);
  if (administrator === undefined) await environment.appoint(grace.email);
  const purpose = await purposeTrace(story, administrator ?? grace);
  return {
    traces: {
      ...{ email, newEmail, name, newName, term: newName.toLowerCase(), password, agent, purpose },
      ...(await secretTracesOf(sources, { ...ada, newEmail })),
      ...pictures,
    },
    kept: grace.email,
    erase: async () => {
      const request = { token: ada.accessToken, body: { password } };
      expect((await client.ask('DELETE', '/user', request)).status).toBe(204);
      await until(async () => (await mailsTo(inbox, newEmail)).length === 2);
      const unfinished = 'select from farewell union all select from erasure';
      await until(async () => (await execute(sources.vault, unfinished)).rowCount === 0);
    },
  };
};

/** Names of the traces that are in any file of a folder. */
export const namesFound = async (folder: string, traces: Traces): Promise<string[]> => {
  const names: string[] = [];
  for (const [name, trace] of Object.entries(traces)) {
    if (await anyFileContains(folder, [trace])) names.push(name);
  }
  return names;
};

/**
 * Checks that an erased user leaves no trace in the data folder, while the service runs and after its end.
 * @param postgres URL of the database `postgres`, as the superuser
 * @param forget removes deleted rows from the disk
 */
export const expectNoTraces = async (
  { traces, kept, erase }: Canary,
  { dataDir, postgres }: { dataDir: string; postgres: string },
  { forget, end }: { forget: () => Promise<unknown>; end: () => Promise<unknown> },
): Promise<void> => {
  await execute(postgres, 'checkpoint');
  // Personal data is sealed in the log and in clear in the read model; the vault has wrapped keys and address MACs. The upload
  // of a picture is deleted once its squares are made.
  const shown = ['email', 'newEmail', 'name', 'newName', 'term', 'wrapped', 'mac', 'newMac', 'square'];
  expect(await namesFound(dataDir, traces)).toEqual(shown);
  await erase();
  await forget();
  expect(await filesContaining(dataDir, Object.values(traces))).toEqual([]);
  await end();
  expect(await filesContaining(dataDir, Object.values(traces))).toEqual([]);
  expect(await namesFound(dataDir, { kept })).toEqual(['kept']);
};
