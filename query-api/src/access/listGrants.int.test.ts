import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { GrantPage } from '@ums/contracts/http/grant';
import { accessStream, grantStream, parseStream } from '@ums/contracts/streams';
import { vaultDataKeys } from '@ums/identity/vault/vaultDataKeys';
import { systemClock } from '@ums/kit/clock';
import type { ConnectedEventLog } from '@ums/kit/event-log/connectEventLog';
import { ANY } from '@ums/kit/event-log/eventLog';
import { silentLog } from '@ums/kit/log';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import { patientEventLog } from '../../../infra/kit/test/patientEventLog.js';
import { addDataKey } from '../../test/addDataKey.js';
import { auditLog, PURPOSE } from '../../test/audit.js';
import { createFeedWorld, type FeedWorld, feedEvent } from '../../test/feedWorld.js';
import { MASTER_KEY } from '../../test/world.js';
import { listGrants } from './listGrants.js';

const DAY_MS = 86_400_000;

let world: FeedWorld;
let eventLog: ConnectedEventLog;
let audit: ReturnType<typeof auditLog>;
/** Writes with a clock that is behind. */
let auditAgo: (ms: number) => typeof audit;
beforeAll(async () => {
  world = await createFeedWorld();
  eventLog = patientEventLog(world.eventLogUrl);
  const master = masterKeys(MASTER_KEY);
  const keys = vaultDataKeys({ pool: world.vault, masterKeys: master, clock: systemClock });
  auditAgo = (ms) =>
    auditLog({ eventLog, keys, masterKeys: master, clock: { now: () => new Date(systemClock.now().getTime() - ms) } });
  audit = auditAgo(0);
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

/** Brings the feed to the head of the log, as the projector does. */
const feedGrants = async (): Promise<void> => {
  const events = (await eventLog.readAll(undefined, 10_000)).flatMap(({ position, stream, type, id, metadata }) => {
    const name = parseStream(stream);
    if (name?.category !== 'grant') return [];
    const { at } = metadata as { at: string };
    return [feedEvent(Number(position), { id, type, at, grantId: name.id })];
  });
  await world.read.query('truncate read.audit_event_v1, read.audit_span_v1');
  await world.insert(events);
};

const ask = (query: string, token = world.auditor.token) => world.get(`/audit/grants${query}`, token);
const list = async (query = ''): Promise<GrantPage> => {
  const answer = await ask(query);
  expect(answer.status).toBe(200);
  return (await answer.json()) as GrantPage;
};
const idsOf = ({ items }: GrantPage): string[] => items.map(({ id }) => id);

describe('GET /audit/grants', () => {
  it('Z-09 lists grants by what became of them, newest first, without purposes, page by page', async () => {
    const [ada, eve, root] = [await newUser(), await newUser('auditor'), await newUser('admin')];
    const waiting = [await audit.ask(eve, ada), await audit.ask(eve, root)];
    const open = await audit.ask(eve, ada, 30);
    await audit.decide(open, 'AccessApproved', root);
    const refused = await audit.ask(eve, ada);
    await audit.decide(refused, 'AccessRefused', root);
    const withdrawn = await audit.ask(eve, ada);
    await audit.end(withdrawn, 'withdrawn', eve);
    await feedGrants();
    const page = await list('?status=waiting');
    expect(page).toEqual({
      items: [
        expect.objectContaining({ id: waiting[1], state: 'asked', askedBy: eve, userId: root, decidedAt: null }),
        expect.objectContaining({ id: waiting[0], state: 'asked', askedBy: eve, userId: ada, minutes: 60 }),
      ],
      next: null,
    });
    expect(JSON.stringify(await list())).not.toMatch(new RegExp(`${PURPOSE}|purpose`));
    expect((await list('?status=open')).items).toEqual([
      expect.objectContaining({ id: open, state: 'open', decidedBy: root, endsAt: expect.any(String) }),
    ]);
    expect(idsOf(await list('?status=ended'))).toEqual([withdrawn, refused]);
    const all = [withdrawn, refused, open, waiting[1], waiting[0]];
    expect(idsOf(await list())).toEqual(all);
    const walked: string[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const part: GrantPage = await list(`?limit=2${next && `&after=${next}`}`);
      walked.push(...idsOf(part));
      next = part.next;
    }
    expect(walked).toEqual(all);
  });

  it('Z-09 lists as ended what ended without an event of its own: by erasure, and by loss of the roles', async () => {
    const [gone, eve, ada, root] = [await newUser(), await newUser('auditor'), await newUser(), await newUser('admin')];
    const [waiting, open] = [await audit.ask(eve, gone), await audit.ask(eve, ada)];
    await audit.decide(open, 'AccessApproved', root);
    await feedGrants();
    expect(idsOf(await list('?status=waiting'))).toContain(waiting);
    expect(idsOf(await list('?status=open'))).toContain(open);
    await audit.change(gone, { type: 'UserErasureStarted', data: {} });
    await audit.change(eve, { type: 'RoleRevoked', data: { role: 'auditor' } });
    expect(idsOf(await list('?status=waiting'))).not.toContain(waiting);
    expect(idsOf(await list('?status=open'))).not.toContain(open);
    const reasons = (await list('?status=ended&limit=2')).items.map(({ id, endReason }) => [id, endReason]);
    expect(reasons).toEqual([
      [open, 'asker-not-authorized'],
      [waiting, 'user-erased'],
    ]);
  });

  it('Z-10 lists as ended by time what nobody has decided on for seven days', async () => {
    const [ada, eve] = [await newUser(), await newUser('auditor')];
    const old = await auditAgo(7 * DAY_MS).ask(eve, ada);
    const young = await auditAgo(7 * DAY_MS - 60_000).ask(eve, ada);
    await feedGrants();
    expect(idsOf(await list('?status=waiting'))).toContain(young);
    expect(idsOf(await list('?status=waiting'))).not.toContain(old);
    const [ended] = (await list('?status=ended')).items.filter(({ id }) => id === old);
    expect(ended).toMatchObject({ state: 'ended', endReason: 'time', decidedBy: null, endedAt: ended?.endsAt });
  });

  it('leaves out a grant that cannot be read, and says so', async () => {
    const [ada, eve] = [await newUser(), await newUser('auditor')];
    const [broken, whole] = [await audit.ask(eve, ada), await audit.ask(eve, ada)];
    const unknown = {
      id: randomUUID(),
      type: 'AccessFromTheFuture',
      data: {},
      metadata: { at: new Date().toISOString() },
    };
    await eventLog.append(grantStream(broken), [unknown], ANY);
    await feedGrants();
    expect(idsOf(await list('?limit=2'))).toEqual([whole]);
    const error = jest.fn();
    const reading = { readFeed: readFeed(), auditWatch: { reached: async () => true }, eventLog, clock: systemClock };
    await listGrants(
      { ...reading, log: { ...silentLog, error } },
      { status: undefined, after: undefined, limit: 2 },
      undefined,
    );
    expect(error.mock.calls).toEqual([
      ['a grant cannot be read', expect.objectContaining({ stream: grantStream(broken) })],
    ]);
    const failing = { ...eventLog, readStream: () => Promise.reject(new Error('another one')) };
    const request = { status: undefined, after: undefined, limit: 2 };
    await expect(listGrants({ ...reading, eventLog: failing, log: silentLog }, request, undefined)).rejects.toThrow(
      'another one',
    );
  });

  /** The feed as the service reads it, without the service. */
  const readFeed = (): Parameters<typeof listGrants>[0]['readFeed'] => async (statement) =>
    (await world.read.query({ ...statement, values: [...statement.values] })).rows;

  it('Z-07 records the read for the reader, before the answer', async () => {
    const reader = await world.newAuditor();
    expect((await ask('?status=waiting', reader.token)).status).toBe(200);
    const events = await eventLog.readStream(accessStream(reader.id));
    expect(events).toMatchObject([{ type: 'HistoryRead', data: { userId: null, asked: 'grant', grantId: null } }]);
  });

  it.each([['?status=asked'], ['?after=-1'], ['?after=x'], ['?limit=51'], ['?limit=0']])(
    'I-02 refuses %s and names the field',
    async (query) => {
      const answer = await ask(query);
      expect(answer.status).toBe(400);
      const { errors } = (await answer.json()) as { errors: { field: string }[] };
      expect(errors.map(({ field }) => field)).toEqual([query.slice(1).split('=')[0]]);
    },
  );

  it('F-31 waits for the feed when a consistency token asks for it', async () => {
    const answer = await world.get('/audit/grants', world.auditor.token, {
      'x-consistency-token': world.consistencyToken(10n ** 15n),
    });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
  });
});
