import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accessStream } from '@ums/contracts/streams';
import { vaultDataKeys } from '@ums/identity/vault/vaultDataKeys';
import { systemClock } from '@ums/kit/clock';
import type { ConnectedEventLog } from '@ums/kit/event-log/connectEventLog';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import { patientEventLog } from '../../../infra/kit/test/patientEventLog.js';
import { stoppedClock } from '../../../infra/kit/test/testClock.js';
import { addDataKey } from '../../test/addDataKey.js';
import { auditLog, PURPOSE } from '../../test/audit.js';
import { createWorld, MASTER_KEY, type World } from '../../test/world.js';

const master = masterKeys(MASTER_KEY);

let world: World;
let eventLog: ConnectedEventLog;
let audit: ReturnType<typeof auditLog>;
beforeAll(async () => {
  world = await createWorld({}, stoppedClock());
  eventLog = patientEventLog(world.eventLogUrl);
  const keys = vaultDataKeys({ pool: world.vault, masterKeys: master, clock: systemClock });
  audit = auditLog({ eventLog, keys, masterKeys: master, clock: systemClock });
});
afterAll(async () => {
  await eventLog.close();
  await world.close();
});

const newUser = async (...roles: ('auditor' | 'admin')[]): Promise<string> => {
  const userId = await addDataKey(world);
  await audit.register(userId, ['user', ...roles]);
  return userId;
};

const ask = (grantId: string, readerId: string, role: 'auditor' | 'admin' = 'auditor') =>
  world.get(`/audit/grants/${grantId}`, world.token(readerId, { roles: ['user', role] }));
const bodyOf = async (answer: Promise<Response>) => (await (await answer).json()) as Record<string, unknown>;

describe('GET /audit/grants/{id}', () => {
  it('Z-09 tells what was asked for and what became of it', async () => {
    const [ada, eve, root] = [await newUser(), await newUser('auditor'), await newUser('admin')];
    const id = await audit.ask(eve, ada, 30);
    const asked = { id, userId: ada, minutes: 30, purpose: PURPOSE, askedBy: eve, askedAt: expect.any(String) };
    const undecided = { decidedBy: null, decidedAt: null, endsAt: expect.any(String), endedAt: null, endReason: null };
    const waiting = await bodyOf(ask(id, eve));
    expect(waiting).toEqual({ ...asked, ...undecided, state: 'asked' });
    expect(Date.parse(String(waiting.endsAt)) - Date.parse(String(waiting.askedAt))).toBe(7 * 86_400_000);
    await audit.decide(id, 'AccessApproved', root);
    const open = await bodyOf(ask(id, eve));
    expect(open).toMatchObject({ ...asked, state: 'open', decidedBy: root });
    expect(Date.parse(String(open.endsAt)) - Date.parse(String(open.decidedAt))).toBe(30 * 60_000);
    await audit.end(id, 'withdrawn', eve);
    expect(await bodyOf(ask(id, eve))).toMatchObject({ state: 'ended', endReason: 'withdrawn' });
  });

  it('shows the purpose to those who may decide, then to who asked and who decided, never to whom it concerns', async () => {
    const [ada, eve, root] = [await newUser('auditor'), await newUser('auditor'), await newUser('admin')];
    const other = await newUser('auditor');
    const id = await audit.ask(eve, ada);
    const purposes = async () => {
      const readers = [eve, root, other, ada];
      return Promise.all(readers.map(async (reader) => (await bodyOf(ask(id, reader))).purpose));
    };
    expect(await purposes()).toEqual([PURPOSE, PURPOSE, PURPOSE, null]);
    await audit.decide(id, 'AccessRefused', root);
    expect(await purposes()).toEqual([PURPOSE, PURPOSE, null, null]);
  });

  it('G-02 has no purpose once the user is erased, also right after it was shown', async () => {
    const [ada, eve] = [await newUser(), await newUser('auditor')];
    const id = await audit.ask(eve, ada);
    expect(await bodyOf(ask(id, eve))).toMatchObject({ purpose: PURPOSE });
    await audit.change(ada, { type: 'UserErasureStarted', data: {} });
    await world.vault.query(
      'update data_key set wrapped = null, master_key_id = null, erased_at = now() where subject = $1',
      [ada],
    );
    expect(await bodyOf(ask(id, eve))).toMatchObject({ state: 'ended', endReason: 'user-erased', purpose: null });
  });

  it('Z-07 records the read for the user it concerns, before the answer', async () => {
    const [ada, eve] = [await newUser(), await newUser('auditor')];
    const id = await audit.ask(eve, ada);
    for (let i = 0; i < 3; i += 1) expect((await ask(id, eve)).status).toBe(200);
    const events = await eventLog.readStream(accessStream(ada));
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      type: 'HistoryRead',
      data: { userId: ada, asked: 'grant', grantId: id, reads: 1 },
      metadata: { actor: { kind: 'auditor', id: eve } },
    });
  });

  it('answers 404 for an id that no grant has, and records nothing', async () => {
    const eve = await newUser('auditor');
    expect((await ask(randomUUID(), eve)).status).toBe(404);
    expect((await ask('nonsense', eve)).status).toBe(400);
    expect(await eventLog.readStream(accessStream(eve))).toEqual([]);
  });

  it('Z-07 shows nothing to a reader whose read cannot be recorded', async () => {
    const [ada, eve] = [await newUser(), await newUser('auditor')];
    const id = await audit.ask(eve, ada);
    const withoutKey = randomUUID();
    const answer = await ask(id, withoutKey);
    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toMatch(new RegExp(`${ada}|${PURPOSE}`));
    await world.vault.query('insert into data_key (subject, erased_at) values ($1, now())', [withoutKey]);
    expect((await ask(id, withoutKey)).status).toBe(401);
  });

  it('Z-07 answers 503 without content while the log does not answer, and serves the rest', async () => {
    const [ada, eve] = [await newUser(), await newUser('auditor')];
    await world.addUser({ id: eve });
    const id = await audit.ask(eve, ada);
    await world.logProxy.set('hang');
    try {
      const answer = await ask(id, eve);
      expect(answer.status).toBe(503);
      expect(await answer.text()).not.toMatch(new RegExp(`${ada}|${PURPOSE}`));
      expect((await world.get('/user', world.token(eve))).status).toBe(200);
    } finally {
      await world.logProxy.set('pass');
    }
  });
});
