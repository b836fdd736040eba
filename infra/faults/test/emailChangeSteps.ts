import { createSecretKey } from 'node:crypto';
import { join } from 'node:path';
import { API_PREFIX } from '@ums/contracts/routes';
import { readSecrets } from '@ums/embedded/dataFolder/secrets';
import { addressMac } from '@ums/identity/addressMac';
import { type MailTokenPurpose, mailTokens } from '@ums/identity/mail-token/mailToken';
import type { Place, Step } from '../../../command-api/test/emailChangeModel.js';
import type { WholeService } from '../../e2e/test/startWholeService.js';
import { execute } from '../../embedded/test/postgres.js';
import { ask, type HttpAnswer, type RequestOptions } from '../../kit/test/ask.js';

export const PASSWORD = 'nine quiet boats at noon';
export const RIVAL_PASSWORD = 'the password of the rival';
export const ADMINISTRATOR = 'admin@example.org';

/** The steps that need no other time. */
export type TimelessStep = Exclude<Step, 'a-day' | 'eight-days'>;

/** A user who asked to change their address from A to B, and the steps that can follow, by HTTP. */
export interface EmailChangeSubject {
  emailOf(place: Place): string;
  /** @returns the slug of the refusal, or `ok`. @throws Error while the service does not answer */
  run(step: TimelessStep): Promise<string>;
  /** Whether a log-in succeeds, else why not. */
  logIn(place: Place, password: string): Promise<string>;
}

const outcomeOf = ({ status, json }: HttpAnswer): string => {
  if (status === 503) throw new Error('not served');
  return status < 300 ? 'ok' : (String(json?.type).split('/').at(-1) ?? '');
};

interface MailedRow {
  id: string;
  expires_at: Date;
}

/** Mails are lost with the process that holds the inbox, so that tokens are made with its secrets. */
const mailedTokens = async (current: () => WholeService) => {
  const { environment } = await readSecrets(join(current().dataDir, 'secrets.json'));
  const key = (name: 'MAIL_TOKEN_KEY' | 'ADDRESS_KEY') => Buffer.from(environment[name], 'base64url');
  const tokens = mailTokens(key('MAIL_TOKEN_KEY'));
  const macOf = (email: string) => addressMac(createSecretKey(key('ADDRESS_KEY')), email);
  const token = (purpose: MailTokenPurpose, email: string, ids: string[], expires: Date): string =>
    tokens.issue({ purpose, ids, addressMac: macOf(email), expires });
  return {
    ofRegistration: async (email: string): Promise<string> => {
      const newest = `select id, expires_at from registration where address_mac = '\\x${macOf(email).toString('hex')}'
        order by requested_at desc limit 1`;
      const [row] = (await execute(current().vault, newest)).rows as MailedRow[];
      if (row === undefined) throw new Error('no registration is waiting');
      return token('confirm', email, [row.id], row.expires_at);
    },
    ofChange: async (userId: string, before: string, after: string) => {
      const newest = `select id, expires_at from email_change where user_id = '${userId}'
        order by expires_at desc limit 1`;
      const [row] = (await execute(current().vault, newest)).rows as MailedRow[];
      if (row === undefined) throw new Error('no change is requested');
      const ids = [userId, row.id];
      const undoUntil = new Date(row.expires_at.getTime() + 6 * 86_400_000);
      return { confirm: token('change', after, ids, row.expires_at), undo: token('undo', before, ids, undoUntil) };
    },
  };
};

/**
 * Registers a user at address A of their own, who then asks for B.
 * @param current the service that runs now: a kill replaces it.
 */
export const emailChangeSubject = async (current: () => WholeService, number: number): Promise<EmailChangeSubject> => {
  const tokens = await mailedTokens(current);
  const emailOf = (place: Place) => `${place.toLowerCase()}${number}@example.org`;
  const call = (method: string, path: string, asked?: RequestOptions) =>
    ask(`${current().api}${API_PREFIX}${path}`, method, asked);
  const logIn = (email: string, password: string) => call('POST', '/auth/login', { body: { email, password } });
  const signUp = async (email: string, password: string): Promise<HttpAnswer> => {
    await call('POST', '/auth/register', { body: { email, name: 'Ada Lovelace', password } });
    return call('POST', '/auth/confirm', { body: { token: await tokens.ofRegistration(email), password } });
  };
  const asAdministrator = async (method: string, path: string, body: object) => {
    const { json } = await logIn(ADMINISTRATOR, PASSWORD);
    return call(method, path, { token: json.accessToken, body });
  };

  await signUp(emailOf('A'), PASSWORD);
  const first = await logIn(emailOf('A'), PASSWORD);
  const userId: string = first.json.user.id;
  let from: Place = 'A';
  let rivalId: string | undefined;
  const links: Partial<Record<'first' | 'another', Awaited<ReturnType<typeof tokens.ofChange>>>> = {};
  /** Asks for another address from the one where the user can log in. */
  const request = async (id: 'first' | 'another', to: Place): Promise<string> => {
    let refusal = '';
    for (const place of ['A', 'B', 'C'] as const) {
      const login = await logIn(emailOf(place), PASSWORD);
      const outcome = outcomeOf(login);
      if (outcome !== 'ok') {
        // An erased user has no address. Another user may have it, with another password.
        refusal = outcome === 'credentials-invalid' ? refusal : outcome;
        continue;
      }
      from = place;
      const body = { email: emailOf(to), password: PASSWORD };
      const asked = outcomeOf(await call('PUT', '/user', { token: login.json.accessToken, body }));
      links[id] = await tokens.ofChange(userId, emailOf(from), emailOf(to));
      return asked;
    }
    return refusal || 'not-found';
  };
  await request('first', 'B');
  const follow = async (token: string | undefined, password?: string): Promise<string> =>
    outcomeOf(await call('POST', '/auth/confirm', { body: { token, ...(password && { password }) } }));

  const steps: Record<TimelessStep, () => Promise<string>> = {
    another: () => request('another', 'C'),
    confirm: () => follow(links.first?.confirm, PASSWORD),
    'confirm-another': () => follow(links.another?.confirm, PASSWORD),
    undo: () => follow(links.first?.undo),
    'undo-another': () => follow(links.another?.undo),
    erase: async () => {
      const body = { reason: 'Asked by letter', password: PASSWORD };
      return outcomeOf(await asAdministrator('POST', `/users/${userId}/erasure`, body));
    },
    suspend: async () =>
      outcomeOf(await asAdministrator('POST', `/users/${userId}/suspension`, { reason: 'Sends advertising' })),
    reinstate: async () =>
      outcomeOf(await asAdministrator('POST', `/users/${userId}/suspension/end`, { reason: 'Has stopped' })),
    'rival-registers-A': async () => outcomeOf(await signUp(emailOf('A'), RIVAL_PASSWORD)),
    'rival-registers-B': async () => outcomeOf(await signUp(emailOf('B'), RIVAL_PASSWORD)),
    'rival-changes-to-B': async () => {
      const email = `rival${number}@example.org`;
      const atB = await logIn(emailOf('B'), RIVAL_PASSWORD);
      // What a kill interrupted has given the rival the address already.
      if (rivalId !== undefined && atB.json?.user?.id === rivalId) return 'ok';
      if ((await logIn(email, RIVAL_PASSWORD)).status !== 200) await signUp(email, RIVAL_PASSWORD);
      const { json } = await logIn(email, RIVAL_PASSWORD);
      rivalId = json.user.id;
      const body = { email: emailOf('B'), password: RIVAL_PASSWORD };
      const asked = outcomeOf(await call('PUT', '/user', { token: json.accessToken, body }));
      if (asked !== 'ok') return asked;
      const { confirm } = await tokens.ofChange(json.user.id, email, emailOf('B'));
      return follow(confirm, RIVAL_PASSWORD);
    },
  };
  return {
    emailOf,
    run: (step) => steps[step](),
    logIn: async (place, password) => outcomeOf(await logIn(emailOf(place), password)),
  };
};
