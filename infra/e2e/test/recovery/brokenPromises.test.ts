import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { brokenPromises } from './brokenPromises.js';
import { type Citizen, newCitizen } from './citizen.js';

type Scripted = { status: number; body: object };

const refused = (status: number, slug: string): Scripted => ({
  status,
  body: { type: `https://users/problems/${slug}` },
});
const nobody = refused(401, 'credentials-invalid');
const waiting = refused(403, 'email-not-confirmed');
const user = { status: 200, body: { user: { name: 'Ada', revision: 3 } } };

let server: Server;
let api: string;
let script: { login: Scripted; refresh: Scripted };

beforeAll(async () => {
  server = createServer((request, response) => {
    const { status, body } = request.url?.endsWith('/auth/login') ? script.login : script.refresh;
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

const confirmed: Partial<Citizen> = { registered: 'yes', confirmed: 'yes', names: ['Ada'], revision: 3 };

const judged = async (claims: Partial<Citizen>, login: Scripted, refresh = refused(401, 'refresh-token-invalid')) => {
  script = { login, refresh };
  const citizen = { ...newCitizen('ada'), ...claims };
  const broken = await brokenPromises(citizen, api);
  return { broken: broken.map((what) => what.replace('ada@example.org: ', '')), citizen };
};

describe('promises after a kill', () => {
  it.each([
    ['an acknowledged confirmation', confirmed, user],
    ['a confirmation whose answer was lost', { registered: 'yes', confirmed: 'maybe', names: ['Ada'] }, user],
    ['a confirmation that never arrived', { registered: 'yes', confirmed: 'maybe' }, waiting],
    ['an acknowledged erasure', { ...confirmed, erased: 'yes' }, nobody],
    ['an erasure that never arrived', { ...confirmed, erased: 'maybe' }, user],
    ['a registration that never arrived', { registered: 'maybe' }, nobody],
  ] as const)('are kept for %s', async (_what, claims, login) => {
    expect((await judged(claims as Partial<Citizen>, login)).broken).toEqual([]);
  });

  it.each([
    ['a registration lost', { registered: 'yes' }, nobody, 'registered: yes, confirmed: no, erased: no'],
    ['a confirmation lost', confirmed, waiting, 'registered: yes, confirmed: yes, erased: no'],
    ['somebody erased who is back', { ...confirmed, erased: 'yes' }, user, 'confirmed: yes, erased: yes'],
    ['a name lost', { ...confirmed, names: ['Eve'] }, user, 'a name is lost'],
    ['a revision lost', { ...confirmed, revision: 4 }, user, 'a revision is lost'],
    ['a session lost', { ...confirmed, refreshToken: 'acknowledged' }, user, 'a session is lost'],
  ] as const)('are broken by %s', async (_what, claims, login, broken) => {
    expect((await judged(claims as Partial<Citizen>, login)).broken).toEqual([expect.stringContaining(broken)]);
  });

  it('are broken by a session that goes on after its end', async () => {
    const { broken } = await judged({ ...confirmed, ended: ['logged out'] }, user, { status: 200, body: {} });
    expect(broken).toEqual(['a session that was logged out goes on']);
  });

  it('leave nothing uncertain', async () => {
    const { citizen } = await judged({ ...confirmed, erased: 'maybe' }, nobody);
    expect(citizen.erased).toBe('yes');
    const other = await judged({ registered: 'yes', confirmed: 'maybe', names: ['Eve', 'Ada'] }, user);
    expect(other.citizen).toMatchObject({ confirmed: 'yes', names: ['Ada'], revision: 3 });
  });
});
