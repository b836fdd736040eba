import { randomUUID } from 'node:crypto';
import { inFlight } from '../load/inFlight.js';
import { ask } from './ask.js';
import { type Stage, settled } from './stage.js';

export interface Person {
  email: string;
  name: string;
  password: string;
}

export interface Member extends Person {
  accessToken: string;
}

const PASSWORD = 'nine quiet boats at noon';

/** Two hashes run at a time; more in flight would only wait. */
export const LANES = 2;

/** Somebody nobody has heard of. */
export const somebody = (): Person => ({
  email: `${randomUUID()}@example.org`,
  name: 'Ada Lovelace',
  password: PASSWORD,
});

/** People who registered, followed the link in their mail and logged in. */
export const members = async (stage: Stage, count: number): Promise<Member[]> => {
  const people = Array.from({ length: count }, somebody);
  const { mails } = await stage.progress();
  const each = (work: (person: Person, index: number) => Promise<unknown>) =>
    inFlight({ count, lanes: LANES }, (index) => work(people[index] as Person, index));
  await each((person) => ask(stage.api, 'POST', '/auth/register', { body: person }));
  await settled(stage, { mails: mails + count });
  const tokens = await tokensByAddress(stage);
  const joined: Member[] = [];
  await each(async (person) => {
    const { email, password } = person;
    await ask(stage.api, 'POST', '/auth/confirm', { body: { token: tokens.get(email), password } });
    joined.push({ ...person, accessToken: await logIn(stage, person) });
  });
  return joined;
};

/** @returns an access token. */
export const logIn = async ({ api }: Stage, { email, password }: Person): Promise<string> => {
  const { body } = await ask(api, 'POST', '/auth/login', { body: { email, password } });
  return (body as { accessToken: string }).accessToken;
};

interface Inbox {
  emails: { destination: { to: string[] }; body: { text: string } }[];
}

const tokensByAddress = async ({ inbox }: Stage): Promise<Map<string, string>> => {
  const { emails } = (await (await fetch(`${inbox}/store`)).json()) as Inbox;
  return new Map(
    emails.flatMap(({ destination, body }) => {
      const token = /[?&]token=(\S+)/.exec(body.text)?.[1];
      const [to] = destination.to;
      return token === undefined || to === undefined ? [] : [[to, decodeURIComponent(token)] as const];
    }),
  );
};
