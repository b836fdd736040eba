import { expect } from '@jest/globals';
import type { TestSns } from '../../../../command-api/test/testSns.js';
import type { HttpAnswer } from '../../../kit/test/ask.js';
import type { ApiClient } from '../apiClient.js';

/** The service that a story runs on, in one process or several. */
export interface StoryEnvironment {
  client: ApiClient;
  /** URL of the inbox. */
  inbox: string;
  /** Base URL of the links in mails. */
  publicUrl: string;
  /** The operator's command that makes a confirmed user the first administrator. */
  appoint(email: string): Promise<unknown>;
  /** Signs reports of mails that came back. Services in processes of their own trust none but that of AWS. */
  sns?: TestSns;
}

/** A user of the story; id and tokens are empty until they are known. */
export interface StoryUser {
  email: string;
  name: string;
  password: string;
  id: string;
  accessToken: string;
  refreshToken: string;
}

/** State that each step of a story passes on to the next one. */
export interface Story extends StoryEnvironment {
  /** The user who is renamed, suspended and erased. */
  ada: StoryUser;
  /** The administrator. */
  grace: StoryUser;
  /** The user who registers and never confirms. */
  linus: Pick<StoryUser, 'email' | 'name' | 'password'>;
  /** A refresh token of Ada's whose successor has been used. */
  rotatedRefreshToken: string;
  /** The receipt of Ada's first erasure. */
  receipt: string;
}

/** A test of a story. */
export interface Step {
  title: string;
  run(story: Story): Promise<void>;
}

const unknown = { id: '', accessToken: '', refreshToken: '' };

export const newStory = (environment: StoryEnvironment): Story => ({
  ...environment,
  ada: { ...unknown, email: 'ada@example.org', name: 'Ada Lovelace', password: 'nine quiet boats at noon' },
  grace: { ...unknown, email: 'grace@example.org', name: 'Grace Hopper', password: 'a moth between two relays' },
  linus: { email: 'linus@example.org', name: 'Linus', password: 'just for fun and not so big' },
  rotatedRefreshToken: '',
  receipt: '',
});

export const register = async ({ client }: Story, user: Pick<StoryUser, 'email' | 'name' | 'password'>) => {
  const { email, name, password } = user;
  const answer = await client.ask('POST', '/auth/register', { body: { email, name, password } });
  expect([answer.status, answer.json]).toEqual([202, { status: 'confirmation-sent' }]);
};

/** Logs in and stores id and tokens in `user`. */
export const logIn = async ({ client }: Story, user: StoryUser): Promise<HttpAnswer> => {
  const { email, password } = user;
  const answer = await client.ask('POST', '/auth/login', { body: { email, password } });
  expect(answer.status).toBe(200);
  const { accessToken, refreshToken, user: profile } = answer.json;
  Object.assign(user, { accessToken, refreshToken, id: profile.id });
  return answer;
};

/** The consistency token of an answer as a request header: a read with it waits until the command is visible. */
export const consistentWith = ({ headers }: HttpAnswer): Record<string, string> => {
  const token = headers.get('X-Consistency-Token');
  expect(token).not.toBeNull();
  return { 'x-consistency-token': token ?? '' };
};
