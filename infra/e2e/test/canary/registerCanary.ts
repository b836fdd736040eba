import { expect } from '@jest/globals';
import { execute } from '../../../embedded/test/postgres.js';
import type { Traces } from '../../../embedded/test/traceFinder.js';
import { until } from '../../../kit/test/until.js';
import type { DataSources } from '../../src/oracle/findDifferences.js';
import { linkOf, mailsTo, nthMail } from '../inbox.js';
import { logIn, newStory, register, type Story, type StoryEnvironment } from '../story/story.js';
import { type CanaryField, canaryWords, textWith, wordFor } from './canaryWords.js';
import { fillAsAdministrator } from './fillAsAdministrator.js';
import { fillAsPerson, NEW_EMAIL } from './fillAsPerson.js';
import { secretTraces } from './secretTraces.js';

/** A user who leaves traces, Ada, and an administrator who stays, Grace. */
export interface Canary {
  story: Story;
  /** Personal data and key material that must be gone after an erasure, by name. */
  traces: Traces;
  /** An address that must still be there at the end, which proves that traces are found. */
  kept: string;
  /** Erases the user and waits until nothing of the erasure is left to do. */
  erase(): Promise<void>;
}

/** What the person finds in clear in their own history, so that the test knows that it was stored. */
const IN_OWN_HISTORY: readonly CanaryField[] = [
  ...(['email', 'newemail', 'name', 'newname', 'agent', 'suspension', 'reinstatement', 'roles'] as const),
];

/** Registers the two users, and fills every field that can hold something about the first one. */
export const registerCanary = async (environment: StoryEnvironment, sources: DataSources): Promise<Canary> => {
  const story = newStory(environment);
  const { client, inbox, ada, grace } = story;
  Object.assign(ada, {
    ...{ email: `${wordFor('email')}@example.org`, name: textWith('name'), password: textWith('secret') },
  });
  Object.assign(grace, { email: 'remaining.canary@example.org' });
  for (const user of [ada, grace]) {
    await register(story, user);
    const { token } = linkOf(await nthMail(inbox, user.email, 1));
    const { password } = user;
    expect((await client.ask('POST', '/auth/confirm', { body: { token, password } })).status).toBe(200);
    await logIn(story, user);
  }
  await environment.appoint(grace.email);
  const grantId = await fillAsAdministrator(story);
  const pictures = await fillAsPerson(story);

  const own = await client.ask('GET', '/user/history?include=sessions&limit=100', { token: ada.accessToken });
  expect(IN_OWN_HISTORY.filter((field) => !own.text.includes(wordFor(field)))).toEqual([]);
  const grant = await client.ask('GET', `/audit/grants/${grantId}`, { token: grace.accessToken });
  expect(grant.text).toContain(wordFor('purpose'));

  const addresses = { id: ada.id, email: ada.email, newEmail: NEW_EMAIL };
  return {
    story,
    traces: { ...canaryWords(), ...(await secretTraces(sources, addresses)), ...pictures },
    kept: grace.email,
    erase: async () => {
      const request = { token: ada.accessToken, body: { password: ada.password } };
      expect((await client.ask('DELETE', '/user', request)).status).toBe(204);
      const isNoticed = async () =>
        (await mailsTo(inbox, NEW_EMAIL)).some(({ subject }) => subject === 'Ihr Konto wurde gelöscht');
      await until(isNoticed);
      const unfinished = 'select from farewell union all select from erasure';
      await until(async () => (await execute(sources.vault, unfinished)).rowCount === 0);
    },
  };
};
