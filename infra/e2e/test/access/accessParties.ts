import { randomUUID } from 'node:crypto';
import { until } from '../../../kit/test/until.js';
import type { ApiClient } from '../apiClient.js';
import { linkOf, nthMail } from '../inbox.js';
import type { Caller, Party, Target } from './accessCells.js';

/** The callers and targets of the requests of the access matrix. */
export interface AccessParties {
  /** A caller that all requests without lasting effect share, or a new one. */
  caller(kind: Caller, isNew: boolean): Promise<Party>;
  /** The user whose id is in the path. @param caller is the target `own` */
  target(kind: Target, caller: Party, isNew: boolean): Promise<Party>;
  /** A request header: reads with it see everything that was done to the parties. */
  consistency(): Record<string, string>;
}

const PASSWORD = 'nine quiet boats at noon';
const REASON = 'Ticket 4711';
const ROLES: Partial<Record<Caller, string[]>> = {
  auditor: ['user', 'auditor'],
  service: ['service'],
  ...{ administrator: ['user', 'admin'], suspended: ['user', 'admin'], erased: ['user', 'admin'] },
};

export const accessParties = async (
  client: ApiClient,
  inbox: string,
  appoint: (email: string) => Promise<unknown>,
): Promise<AccessParties> => {
  let consistencyToken = '';
  const ask: ApiClient['ask'] = async (method, path, asked) => {
    let answer = await client.ask(method, path, asked);
    // A busy machine may keep a dependency from answering in time; the client is told to repeat.
    for (let attempt = 1; answer.status === 503 && attempt <= 5; attempt++)
      answer = await client.ask(method, path, asked);
    if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}`);
    consistencyToken = answer.headers.get('x-consistency-token') ?? consistencyToken;
    return answer;
  };

  const logIn = async (email: string): Promise<Party> => {
    const { json } = await ask('POST', '/auth/login', { body: { email, password: PASSWORD } });
    const { accessToken, refreshToken, user } = json;
    return { id: user.id, email, password: PASSWORD, accessToken, refreshToken };
  };

  const newUser = async (): Promise<Party> => {
    const email = `${randomUUID()}@example.org`;
    await ask('POST', '/auth/register', { body: { email, name: 'Ada Lovelace', password: PASSWORD } });
    const { token } = linkOf(await nthMail(inbox, email, 1));
    await ask('POST', '/auth/confirm', { body: { token, password: PASSWORD } });
    return logIn(email);
  };

  const founder = await newUser();
  await appoint(founder.email);
  const { accessToken: token } = await logIn(founder.email);
  const asAdministrator = (method: string, path: string, body: object) =>
    ask(method, path, { token, body: { reason: REASON, ...body } });

  const suspend = ({ id }: Party) => asAdministrator('POST', `/users/${id}/suspension`, {});
  const erase = ({ id }: Party) => asAdministrator('POST', `/users/${id}/erasure`, { password: PASSWORD });

  const newCaller = async (kind: Caller): Promise<Party> => {
    if (kind === 'anonymous')
      return { ...founder, email: `${randomUUID()}@example.org`, accessToken: undefined, refreshToken: 'none' };
    const user = await newUser();
    const roles = ROLES[kind];
    if (roles === undefined) return user;
    await asAdministrator('PUT', `/users/${user.id}/roles`, { roles, password: PASSWORD });
    const caller = await logIn(user.email);
    if (kind === 'suspended') await suspend(caller);
    if (kind === 'erased') await erase(caller);
    if (kind === 'suspended' || kind === 'erased')
      await until(async () => (await client.ask('GET', '/user', { token: caller.accessToken })).status === 401);
    return caller;
  };

  const newTarget = async (kind: Target): Promise<Party> => {
    const user = await newUser();
    if (kind === 'suspended') await suspend(user);
    if (kind === 'erased') await erase(user);
    return user;
  };

  const callers = new Map<Caller, Promise<Party>>();
  const targets = new Map<Target, Promise<Party>>();
  const shared = <K>(made: Map<K, Promise<Party>>, kind: K, make: (kind: K) => Promise<Party>): Promise<Party> => {
    const party = made.get(kind) ?? make(kind);
    made.set(kind, party);
    return party;
  };

  return {
    caller: (kind, isNew) => (isNew ? newCaller(kind) : shared(callers, kind, newCaller)),
    target: async (kind, caller, isNew) => {
      if (kind === 'own') return caller;
      return isNew ? newTarget(kind) : shared(targets, kind, newTarget);
    },
    consistency: () => ({ 'x-consistency-token': consistencyToken }),
  };
};
