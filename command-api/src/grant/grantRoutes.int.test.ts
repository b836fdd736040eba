import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { accessStream, grantStream, userStream } from '@ums/contracts/streams';
import { vaultDataKeys } from '@ums/identity/vault/vaultDataKeys';
import { type ConnectedEventLog, connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { NO_STREAM } from '@ums/kit/event-log/eventLog';
import { appendFacts } from '@ums/kit/facts/appendFacts';
import { silentLog } from '@ums/kit/log';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import type { HttpAnswer } from '../../../infra/kit/test/ask.js';
import {
  appointFirstAdministrator,
  PASSWORD,
  PATIENT_LOG,
  signInNewUser,
  type TestApi,
  testApi,
} from '../../test/testApi.js';

interface Caller {
  id: string;
  token: string;
}

const DAY_MS = 86_400_000;

let api: TestApi;
let eventLog: ConnectedEventLog;
let root: Caller;
let eve: Caller;
let mel: Caller;
let ada: Caller;
beforeAll(async () => {
  api = await testApi();
  eventLog = connectEventLog({ url: api.config.EVENTSTORE_URL, ...PATIENT_LOG, log: silentLog });
  await signInNewUser(api, 'root@example.org');
  await appointFirstAdministrator(api, 'root@example.org');
  root = await logIn('root@example.org');
  [eve, mel] = [await newCaller('auditor'), await newCaller('auditor')];
});
beforeEach(async () => {
  ada = await newCaller();
});
afterAll(async () => {
  await eventLog.close();
  await api.close();
});

const logIn = async (email: string): Promise<Caller> => {
  const { json } = await api.ask('POST', '/auth/login', { body: { email, password: PASSWORD } });
  return { id: json.user.id, token: json.accessToken };
};

const setRoles = (userId: string, roles: string[]) =>
  api.ask('PUT', `/users/${userId}/roles`, {
    token: root.token,
    body: { roles, reason: 'Joins the audit', password: PASSWORD },
  });

const newCaller = async (...roles: string[]): Promise<Caller> => {
  const email = `${randomUUID()}@example.org`;
  const { user, accessToken } = await signInNewUser(api, email);
  if (roles.length === 0) return { id: user.id, token: accessToken };
  expect((await setRoles(user.id, ['user', ...roles])).status).toBe(200);
  return logIn(email);
};

const ask = ({ token }: Caller, change: object = {}, headers: Record<string, string> = {}) =>
  api.ask('POST', '/audit/grants', {
    ...{ token, headers },
    body: { userId: ada.id, purpose: 'Complaint, ticket 4711', minutes: 60, password: PASSWORD, ...change },
  });
const asked = async (by = eve): Promise<string> => (await ask(by)).json.id;
/** A request of Eve as an earlier version wrote it, without a place in the vault. */
const askedAgo = async (ms: number): Promise<string> => {
  const id = randomUUID();
  const clock = { now: () => new Date(Date.now() - ms) };
  const master = masterKeys(api.config.MASTER_KEY);
  const keys = vaultDataKeys({ pool: api.vault, masterKeys: master, clock });
  const data = { userId: ada.id, minutes: 60, purpose: 'Complaint, ticket 4711' };
  const actor = { kind: 'auditor' as const, id: eve.id };
  await appendFacts(
    { eventLog, keys, masterKeys: master, clock },
    {
      ...{ stream: grantStream(id), events: [{ type: 'AccessRequested', data }], expected: NO_STREAM },
      cause: { correlationId: randomUUID(), causationId: randomUUID(), actor },
    },
  );
  return id;
};
const decide = ({ token }: Caller, id: string, decision = 'approve', password = PASSWORD) =>
  api.ask('POST', `/audit/grants/${id}/decision`, { token, body: { decision, password } });
const end = ({ token }: Caller, id: string) => api.ask('DELETE', `/audit/grants/${id}`, { token });

const outcome = ({ status, json }: HttpAnswer) => [status, json?.type?.split('/').at(-1)];
const typesIn = async (id: string) => (await eventLog.readStream(grantStream(id))).map(({ type }) => type);

describe('POST /audit/grants', () => {
  it('Z-09 asks with a purpose, which the log has sealed', async () => {
    const answer = await ask(eve);
    expect([answer.status, answer.json]).toEqual([
      201,
      {
        id: expect.any(String),
        ...{ state: 'asked', userId: ada.id, minutes: 60, purpose: 'Complaint, ticket 4711', askedBy: eve.id },
        ...{ askedAt: expect.any(String), decidedBy: null, decidedAt: null, endsAt: expect.any(String) },
        ...{ endedAt: null, endReason: null },
      },
    ]);
    expect(Date.parse(answer.json.endsAt) - Date.parse(answer.json.askedAt)).toBe(7 * DAY_MS);
    const [event] = await eventLog.readStream(grantStream(answer.json.id));
    expect(event?.metadata).toMatchObject({ actor: { kind: 'auditor', id: eve.id } });
    expect(JSON.stringify([event?.data, event?.metadata])).not.toContain('Complaint');
  });

  it('takes the id of the user in upper case', async () => {
    const answer = await ask(eve, { userId: ada.id.toUpperCase() });
    expect([answer.status, answer.json.userId]).toEqual([201, ada.id]);
  });

  it("Z-09 needs the caller's own password", async () => {
    expect(outcome(await ask(eve, { password: 'not the password of Eve' }))).toEqual([403, 'password-invalid']);
  });

  it('names the field at fault', async () => {
    const faults: [string, object][] = [
      ['userId', { userId: 'ada' }],
      ['userId', { userId: eve.id }],
      ['purpose', { purpose: '\u200b' }],
      ['purpose', { purpose: 'x'.repeat(501) }],
      ['minutes', { minutes: 241 }],
      ['minutes', { minutes: 0 }],
      ['minutes', { minutes: 1.5 }],
      ['minutes', { minutes: '60' }],
    ];
    for (const [field, change] of faults) {
      const answer = await ask(eve, change);
      expect([change, answer.status, answer.json.errors]).toMatchObject([change, 400, [{ field }]]);
    }
  });

  it('Z-07 answers 404 for an unknown user, and 410 for an erased one, which is on record before', async () => {
    const unknown = await ask(eve, { userId: randomUUID() });
    expect(outcome(unknown)).toEqual([404, 'not-found']);
    expect(unknown.json.errors).toEqual([{ field: 'userId', message: 'must be the id of a user' }]);
    await api.ask('DELETE', '/user', { token: ada.token, body: { password: PASSWORD } });
    const answer = await ask(eve);
    expect(outcome(answer)).toEqual([410, 'user-erased']);
    expect(answer.json.errors).toEqual([{ field: 'userId', message: 'must be the id of a user who is not erased' }]);
    const [erasure] = (await eventLog.readStream(userStream(ada.id))).filter(
      ({ type }) => type === 'UserErasureStarted',
    );
    expect(erasure?.metadata).toMatchObject({ at: answer.json.erasedAt });
    expect(await eventLog.readStream(accessStream(ada.id))).toMatchObject([
      { type: 'HistoryRead', data: { userId: ada.id, asked: 'grant', grantId: null } },
    ]);
  });

  it('Z-10 refuses a request while as many of the same caller wait as may, and takes it once one was withdrawn', async () => {
    const ivy = await newCaller('auditor');
    const ids: string[] = [];
    // No more at once than have a place: what waits for one on a slow machine would be refused after three seconds.
    for (let sent = 0; sent < 20; sent += 5)
      ids.push(...(await Promise.all(Array.from({ length: 5 }, () => asked(ivy)))));
    const answer = await ask(ivy);
    expect(outcome(answer)).toEqual([409, 'grants-waiting']);
    expect(answer.json.detail).toBe('20 of your requests wait for a decision.');
    expect((await end(ivy, ids[7] ?? '')).status).toBe(204);
    expect((await ask(ivy)).status).toBe(201);
  });

  it('F-01 has one effect under one Idempotency-Key, and refuses another request under it', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all([ask(eve, {}, headers), ask(eve, {}, headers), ask(eve, {}, headers)]);
    const last = await ask(eve, {}, headers);
    for (const { status, json } of answers) expect([status, json]).toEqual([201, last.json]);
    expect(await typesIn(last.json.id)).toEqual(['AccessRequested']);
    await decide(mel, last.json.id);
    expect((await ask(eve, {}, headers)).json).toMatchObject({ id: last.json.id, state: 'open' });
    expect(outcome(await ask(eve, { minutes: 30 }, headers))).toEqual([422, 'idempotency-key-reused']);
    expect((await ask(mel, {}, headers)).json.id).not.toBe(last.json.id);
  });
});

describe('POST /audit/grants/{id}/decision', () => {
  it.each(['approve', 'refuse'])('Z-09 is of another person, once: %s', async (decision) => {
    const id = await asked();
    expect(outcome(await decide(eve, id, decision))).toEqual([403, 'own-grant']);
    expect(outcome(await decide(mel, id, decision, 'not the password of Mel'))).toEqual([403, 'password-invalid']);
    const decided = await decide(mel, id, decision);
    const state = decision === 'approve' ? 'open' : 'refused';
    expect([decided.status, decided.json]).toMatchObject([200, { id, state, decidedBy: mel.id }]);
    expect((await decide(mel, id, decision)).json).toEqual(decided.json);
    expect(outcome(await decide(root, id, decision))).toEqual([409, 'grant-closed']);
    expect(await typesIn(id)).toHaveLength(2);
  });

  it('Z-09 is not of the user whom it concerns', async () => {
    ada = await newCaller('auditor');
    expect(outcome(await decide(ada, await asked()))).toEqual([403, 'own-grant']);
  });

  it('F-05 of two at once takes one', async () => {
    const id = await asked();
    const statuses = (await Promise.all([decide(mel, id), decide(root, id, 'refuse')])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 409]);
    expect(await typesIn(id)).toHaveLength(2);
  });

  it('answers 404 for an unknown grant, and 400 for an unknown decision', async () => {
    expect(outcome(await decide(mel, randomUUID()))).toEqual([404, 'not-found']);
    expect(outcome(await decide(mel, await asked(), 'maybe'))).toEqual([400, 'validation-failed']);
  });

  it('Z-10 opens nothing that has waited for seven days, also from before requests ended by their time', async () => {
    const id = await askedAgo(7 * DAY_MS);
    expect(outcome(await decide(mel, id))).toEqual([409, 'grant-closed']);
    expect((await end(eve, id)).status).toBe(204);
    expect(await typesIn(id)).toEqual(['AccessRequested']);
    expect((await decide(mel, await askedAgo(7 * DAY_MS - 60_000))).json).toMatchObject({ state: 'open' });
  });

  it('Z-09 opens nothing once the user is erased or the one who asked has lost the role', async () => {
    const leaver = await newCaller('auditor');
    const [id, ofLeaver] = [await asked(), await asked(leaver)];
    await setRoles(leaver.id, ['user']);
    expect(outcome(await decide(mel, ofLeaver))).toEqual([409, 'grant-closed']);
    await api.ask('DELETE', '/user', { token: ada.token, body: { password: PASSWORD } });
    expect(outcome(await decide(mel, id))).toEqual([409, 'grant-closed']);
  });
});

describe('DELETE /audit/grants/{id}', () => {
  it('Z-09 ends a grant for who asked and for administrators, and for no others', async () => {
    for (const [caller, reason] of [[eve, 'withdrawn'] as const, [root, 'revoked'] as const]) {
      const id = await asked();
      await decide(mel, id);
      expect(outcome(await end(mel, id))).toEqual([403, 'forbidden']);
      expect((await end(caller, id)).status).toBe(204);
      expect((await end(caller, id)).status).toBe(204);
      expect((await eventLog.readStream(grantStream(id))).map(({ data }) => data).slice(2)).toEqual([{ reason }]);
      expect((await decide(mel, id)).json).toMatchObject({ state: 'ended', endReason: reason });
    }
  });

  it('withdraws a request that nobody has decided', async () => {
    const id = await asked();
    expect((await end(eve, id)).status).toBe(204);
    expect(outcome(await decide(mel, id))).toEqual([409, 'grant-closed']);
  });

  it('answers 404 for an unknown grant', async () => {
    expect(outcome(await end(root, randomUUID()))).toEqual([404, 'not-found']);
  });
});

it('Z-01 refuses users without the roles to audit', async () => {
  const id = await asked();
  for (const answer of [await ask(ada), await decide(ada, id), await end(ada, id)])
    expect(outcome(answer)).toEqual([403, 'forbidden']);
  expect(await typesIn(id)).toEqual(['AccessRequested']);
});
