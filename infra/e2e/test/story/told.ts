import { expect } from '@jest/globals';
import type { Answer } from '../../../kit/test/ask.js';
import type { ApiClient } from '../apiClient.js';

/** Where the story is told: one process or several, it makes no difference to it. */
export interface Stage {
  client: ApiClient;
  /** URL of the inbox. */
  inbox: string;
  /** Base of the links in mails. */
  publicUrl: string;
  /** The operator's command that makes a confirmed user the first administrator. */
  appoint(email: string): Promise<unknown>;
}

/** Somebody of the story, as far as it has come. */
export interface Person {
  email: string;
  name: string;
  password: string;
  id: string;
  accessToken: string;
  refreshToken: string;
}

/** What chapters hand on: each begins where the one before ended. */
export interface Told extends Stage {
  /** Renames, is suspended, and leaves. */
  ada: Person;
  /** The administrator. */
  grace: Person;
  /** Registers and never confirms. */
  linus: Pick<Person, 'email' | 'name' | 'password'>;
  /** A refresh token of Ada's whose successor was used. */
  rotatedAway: string;
}

export interface Chapter {
  /** The sentence of its test. */
  tells: string;
  tell(told: Told): Promise<void>;
}

const nobodyYet = { id: '', accessToken: '', refreshToken: '' };

export const beginningOn = (stage: Stage): Told => ({
  ...stage,
  ada: { ...nobodyYet, email: 'ada@example.org', name: 'Ada Lovelace', password: 'nine quiet boats at noon' },
  grace: { ...nobodyYet, email: 'grace@example.org', name: 'Grace Hopper', password: 'a moth between two relays' },
  linus: { email: 'linus@example.org', name: 'Linus', password: 'just for fun and not so big' },
  rotatedAway: '',
});

export const register = async ({ client }: Told, person: Pick<Person, 'email' | 'name' | 'password'>) => {
  const { email, name, password } = person;
  const answer = await client.ask('POST', '/auth/register', { body: { email, name, password } });
  expect([answer.status, answer.json]).toEqual([202, { status: 'confirmation-sent' }]);
};

/** Logs in and keeps the tokens. */
export const logIn = async ({ client }: Told, person: Person): Promise<Answer> => {
  const { email, password } = person;
  const answer = await client.ask('POST', '/auth/login', { body: { email, password } });
  expect(answer.status).toBe(200);
  const { accessToken, refreshToken, user } = answer.json;
  Object.assign(person, { accessToken, refreshToken, id: user.id });
  return answer;
};

/** The point of the log an answer names, as a request header: the reader waits until it is visible. */
export const after = ({ headers }: Answer): Record<string, string> => {
  const token = headers.get('X-Consistency-Token');
  expect(token).not.toBeNull();
  return { 'x-consistency-token': token ?? '' };
};
