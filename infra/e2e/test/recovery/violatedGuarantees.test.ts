import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newSimulatedUser, type SimulatedUser } from './simulatedUser.js';
import { violatedGuarantees } from './violatedGuarantees.js';

type ScriptedAnswer = { status: number; body: object };

const refused = (status: number, slug: string): ScriptedAnswer => ({
  status,
  body: { type: `https://users/problems/${slug}` },
});
const invalid = refused(401, 'credentials-invalid');
const unconfirmed = refused(403, 'email-not-confirmed');
const loggedIn = { status: 200, body: { user: { name: 'Ada', revision: 3 } } };

let server: Server;
let api: string;
let script: { login: ScriptedAnswer; refresh: ScriptedAnswer; unavailable: number };

beforeAll(async () => {
  server = createServer((request, response) => {
    const answer = request.url?.endsWith('/auth/login') ? script.login : script.refresh;
    const { status, body } = script.unavailable-- > 0 ? refused(503, 'dependency-unavailable') : answer;
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

const confirmed: Partial<SimulatedUser> = { registered: 'yes', confirmed: 'yes', names: ['Ada'], revision: 3 };

const check = async (
  state: Partial<SimulatedUser>,
  login: ScriptedAnswer,
  refresh = refused(401, 'refresh-token-invalid'),
  unavailable = 0,
) => {
  script = { login, refresh, unavailable };
  const user = { ...newSimulatedUser('ada'), ...state };
  const violations = await violatedGuarantees(user, api);
  return { violations: violations.map((violation) => violation.replace('ada@example.org: ', '')), user };
};

describe('violatedGuarantees', () => {
  it.each([
    ['an acknowledged confirmation that is there', confirmed, loggedIn],
    [
      'an unanswered confirmation that took effect',
      { registered: 'yes', confirmed: 'maybe', names: ['Ada'] },
      loggedIn,
    ],
    ['an unanswered confirmation that had no effect', { registered: 'yes', confirmed: 'maybe' }, unconfirmed],
    ['an acknowledged erasure that took effect', { ...confirmed, erased: 'yes' }, invalid],
    ['an unanswered erasure that had no effect', { ...confirmed, erased: 'maybe' }, loggedIn],
    ['an unanswered registration that had no effect', { registered: 'maybe' }, invalid],
  ] as const)('accepts %s', async (_what, state, login) => {
    expect((await check(state as Partial<SimulatedUser>, login)).violations).toEqual([]);
  });

  it.each([
    ['a lost registration', { registered: 'yes' }, invalid, 'registered: yes, confirmed: no, erased: no'],
    ['a lost confirmation', confirmed, unconfirmed, 'registered: yes, confirmed: yes, erased: no'],
    ['an erased user who can log in', { ...confirmed, erased: 'yes' }, loggedIn, 'confirmed: yes, erased: yes'],
    ['a lost name', { ...confirmed, names: ['Eve'] }, loggedIn, 'a name is lost'],
    ['a lost revision', { ...confirmed, revision: 4 }, loggedIn, 'a revision is lost'],
    ['a lost session', { ...confirmed, refreshToken: 'acknowledged' }, loggedIn, 'a session is lost'],
  ] as const)('reports %s', async (_what, state, login, violation) => {
    expect((await check(state as Partial<SimulatedUser>, login)).violations).toEqual([
      expect.stringContaining(violation),
    ]);
  });

  it('reports a session that still works after its logout', async () => {
    const stillValid = { status: 200, body: {} };
    const { violations } = await check({ ...confirmed, endedSessions: ['logged out'] }, loggedIn, stillValid);
    expect(violations).toEqual(['a session that was logged out still works']);
  });

  it('repeats a request that gets 503', async () => {
    const { violations, user } = await check(confirmed, loggedIn, undefined, 2);
    expect([violations, user.confirmed]).toEqual([[], 'yes']);
  });

  it('replaces each uncertainty by what it found', async () => {
    const { user } = await check({ ...confirmed, erased: 'maybe' }, invalid);
    expect(user.erased).toBe('yes');
    const other = await check({ registered: 'yes', confirmed: 'maybe', names: ['Eve', 'Ada'] }, loggedIn);
    expect(other.user).toMatchObject({ confirmed: 'yes', names: ['Ada'], revision: 3 });
  });
});
