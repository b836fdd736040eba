import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage, type ServerResponse } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ConsistencyProofBody, HistoryProofBody, InclusionProofBody } from '@ums/contracts/http/proof';
import { leafHash } from '@ums/contracts/proof/leaf';
import { API_PREFIX } from '@ums/contracts/routes';
import { accessStream, signinStream, userStream } from '@ums/contracts/streams';
import { addAwaited, removeAwaited } from '@ums/kit/http/connection/othersFirst';
import { guardedQuery } from '@ums/kit/postgres/guardedQuery';
import { Refused } from '@ums/kit/refused';
import { signTree } from '../../../infra/identity/test/signedTree.js';
import { patientEventLog } from '../../../infra/kit/test/patientEventLog.js';
import { stepIntoNextWindow } from '../../../infra/kit/test/stepIntoNextWindow.js';
import { until } from '../../../infra/kit/test/until.js';
import { renamed, type UserHistories, userHistories } from '../../test/userHistories.js';
import { createWorld, type World } from '../../test/world.js';
import { proveHistory } from './proveHistory.js';

let world: World;
let histories: UserHistories;
let auditorId: string;
let auditor: string;
beforeAll(async () => {
  world = await createWorld();
  histories = userHistories(world);
  auditorId = await histories.register();
  auditor = world.token(auditorId, { roles: ['auditor'] });
});
afterAll(async () => {
  await histories.close();
  await world.close();
});
beforeEach(async () => {
  await world.logProxy.set('pass');
});

const ask = async (path: string, token = auditor) => {
  const response = await world.get(path, token);
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined;
  return { status: response.status, headers: response.headers, text, json };
};
const problemOf = async (path: string, token = auditor): Promise<string> => {
  const { status, json } = await ask(path, token);
  return `${status} ${json.type.split('/').at(-1)}`;
};

/** Whether the whole answer comes. On a busy machine, a read of the log may miss its deadline, which closes the connection. */
const isSent = (path: string, token: string): Promise<boolean> =>
  ask(path, token).then(
    ({ status }) => status === 200,
    () => false,
  );

/** An answer of which nothing is read yet. */
const openAnswer = async (path: string, token: string): Promise<IncomingMessage> => {
  const request = get(`${world.base}${API_PREFIX}${path}`, {
    headers: { authorization: `Bearer ${token}` },
    agent: false,
  });
  request.on('error', () => undefined);
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  return answer;
};

/** The root that an inclusion proof leads to (RFC 9162, 2.1.3.2): written down here again, to share nothing with the sources. */
const rootFrom = (leaf: Buffer, index: number, size: number, path: readonly string[]): string => {
  const node = (left: Buffer, right: Buffer) =>
    createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest();
  let [hash, fn, sn] = [leaf, index, size - 1];
  for (const base64 of path) {
    const other = Buffer.from(base64, 'base64');
    if (fn % 2 === 1 || fn === sn) {
      hash = node(other, hash);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn >> 1, sn >> 1];
    } else hash = node(hash, other);
    [fn, sn] = [fn >> 1, sn >> 1];
  }
  expect(sn).toBe(0);
  return hash.toString('base64');
};

const wholeOf = async (text: AsyncIterable<string> | undefined): Promise<string> => {
  let whole = '';
  for await (const part of text ?? []) whole += part;
  return whole;
};

const aUser = async (): Promise<string> => {
  const userId = await histories.register();
  await histories.change(userId, [renamed('Ada King')]);
  await histories.change(userId, [renamed('Ada Lovelace')]);
  return userId;
};

describe('before the first checkpoint', () => {
  it('answers 503, with the time to wait', async () => {
    const userId = await aUser();
    for (const path of ['/audit/checkpoint', '/audit/consistency?from=1&to=1', `/users/${userId}/history/proof`])
      expect(await problemOf(path)).toBe('503 not-signed-yet');
    expect((await ask('/audit/checkpoint')).headers.get('retry-after')).toBe('60');
    expect(await problemOf('/user/history/proof', world.token(userId))).toBe('503 not-signed-yet');
    expect(await (await fetch(`${world.base}/.well-known/notary-keys`)).text()).toBe('');
  });
});

describe('GET /audit/checkpoint and the public keys', () => {
  it('show the latest signed note, and the verifier keys to everybody', async () => {
    const { note } = await signTree(world);
    const { status, headers, text } = await ask('/audit/checkpoint');
    expect([status, headers.get('content-type'), text]).toEqual([200, 'text/plain; charset=utf-8', note]);
    await world.read.query(`insert into notary.verifier_key values (1, 'new'), (2, 'old')`);
    const read = () => fetch(`${world.base}/.well-known/notary-keys`);
    await until(async () => (await (await read()).text()) === 'new\nold\n');
    expect((await read()).headers.get('content-type')).toBe('text/plain; charset=utf-8');
  });
});

describe('GET /audit/proof', () => {
  it('proves each event of the log, and puts the read on record', async () => {
    const userId = await aUser();
    const { ids, root, note } = await signTree(world);
    for (const [index, id] of ids.entries()) {
      const { status, json } = await ask(`/audit/proof?event=${index % 2 === 0 ? id : id.toUpperCase()}`);
      const proof = json as InclusionProofBody;
      expect([status, proof.event, proof.index, proof.checkpoint]).toEqual([200, id, index, note]);
      const leaf = Buffer.from(proof.leaf, 'base64');
      expect(rootFrom(leaf, index, ids.length, proof.inclusion)).toBe(root.toString('base64'));
    }
    expect(await histories.readsOf(auditorId)).toContainEqual(
      expect.objectContaining({ asked: 'proof', userId: null }),
    );
    expect(await histories.readsOf(userId)).toEqual([]);
  });

  it('answers 404 for no event, 503 for one that is not signed yet, and 400 for what is no id', async () => {
    const { ids } = await signTree(world, 2);
    expect(await problemOf(`/audit/proof?event=${randomUUID()}`)).toBe('404 not-found');
    expect(await problemOf(`/audit/proof?event=${ids[2]}`)).toBe('503 not-signed-yet');
    for (const query of ['', '?event=', '?event=1', `?event=${ids[0]?.toUpperCase()}x`])
      expect(await problemOf(`/audit/proof${query}`)).toBe('400 validation-failed');
  });
});

describe('GET /audit/consistency', () => {
  it('proves that the signed tree begins with an earlier one', async () => {
    const { ids } = await signTree(world);
    const { json } = await ask(`/audit/consistency?from=3&to=${ids.length}`);
    const { from, to, proof } = json as ConsistencyProofBody;
    expect([from, to, proof.length > 0]).toEqual([3, ids.length, true]);
    expect((await ask(`/audit/consistency?from=${to}&to=${to}`)).json).toEqual({ from: to, to, proof: [] });
  });

  it('answers 400 for other sizes, and names the parameter', async () => {
    const { ids } = await signTree(world);
    const cases = { from: ['from=0&to=1', 'from=3&to=2', 'from=x&to=2', 'to=2'], to: [`from=1&to=${ids.length + 1}`] };
    for (const [field, queries] of Object.entries(cases))
      for (const query of queries) {
        const { status, json } = await ask(`/audit/consistency?${query}`);
        expect([query, status, json.errors?.[0]?.field]).toEqual([query, 400, field]);
      }
    const { json } = await ask('/audit/consistency');
    expect(json.errors).toEqual(['from', 'to'].map((field) => ({ field, message: 'is required' })));
  });
});

describe('the proof of a history', () => {
  it('G-07 holds the stored events of the user, sealed, each with the proof that it is in the tree', async () => {
    const userId = await aUser();
    await histories.append(signinStream(userId), { type: 'SessionEnded', data: { a: 1 }, metadata: {} });
    const { ids, root, note } = await signTree(world);
    const { status, json } = await ask(`/users/${userId}/history/proof`);
    const bundle = json as HistoryProofBody;
    expect([status, bundle.format, bundle.checkpoint]).toEqual([200, 'ums-history-proof.v1', note]);
    const places = bundle.events.map(({ event }) => [event.stream, event.revision]);
    const stream = userStream(userId);
    expect(places).toEqual([...[0, 1, 2].map((revision) => [stream, revision]), [signinStream(userId), 0]]);
    for (const { event, index, inclusion } of bundle.events) {
      expect(ids[index]).toBe(event.id);
      expect(rootFrom(leafHash(event), index, ids.length, inclusion)).toBe(root.toString('base64'));
    }
    // With the blank, which no hash in base64 has.
    expect(JSON.stringify(bundle)).not.toMatch(/Ada (Lovelace|King)/);
    expect((await ask('/user/history/proof', world.token(userId))).json).toEqual(bundle);
    expect(await histories.readsOf(userId)).toEqual([expect.objectContaining({ asked: 'proof', userId })]);
  });

  it('holds only the events that the checkpoint covers', async () => {
    const userId = await aUser();
    const { ids } = await signTree(world);
    await signTree(world, ids.length - 1);
    const { json } = await ask(`/users/${userId}/history/proof`);
    expect((json as HistoryProofBody).events.map(({ event }) => event.revision)).toEqual([0, 1]);
  });

  it('F-31 T-08 is read as far as it is sent, in whatever length, and breaks off once it is not permitted any more', async () => {
    const userId = await histories.register();
    await histories.change(
      userId,
      Array.from({ length: 1_800 }, (_, turn) => renamed(`Ada ${turn}`)),
    );
    await signTree(world);
    const eventLog = patientEventLog(world.eventLogUrl);
    let reads = 0;
    const readPart: typeof eventLog.readPart = (...part) => {
      reads += 1;
      return eventLog.readPart(...part);
    };
    const deps = { read: guardedQuery('read model', world.read), eventLog: { readPart } };
    const text = await proveHistory(deps, userId, async () => undefined);
    // Its time never comes, so the proof waits for another request as long as that takes.
    const longest = 10;
    const { setTimeout: start } = globalThis;
    const timers = jest
      .spyOn(globalThis, 'setTimeout')
      .mockImplementation((call, ms) => (ms === longest ? start(() => undefined) : start(call, ms)));
    const other = {} as ServerResponse;
    addAwaited(other);
    const body = wholeOf(text);
    await until(() => timers.mock.calls.some(([, ms]) => ms === longest));
    expect(reads).toBe(1);
    removeAwaited(other);
    const { events } = JSON.parse(await body) as HistoryProofBody;
    timers.mockRestore();
    expect(reads).toBeGreaterThan(4);
    expect(events.map(({ event }) => event.revision)).toEqual(Array.from({ length: 1_801 }, (_, revision) => revision));
    reads = 0;
    const cut = await proveHistory(deps, userId, () => Promise.reject(new Refused('unauthenticated')));
    await expect(wholeOf(cut)).rejects.toMatchObject({ slug: 'unauthenticated' });
    expect(reads).toBe(1);
    await eventLog.close();
  });

  it('F-31 H-03 is sent twice at a time to a reader, and passes from who has read for longer to a newcomer', async () => {
    const long = await histories.register();
    const others = [await histories.register(), await histories.register()];
    const padding = { type: 'SessionStarted', data: { padding: 'x'.repeat(60_000) }, metadata: {} };
    // More than the buffers of any socket hold.
    for (let turn = 0; turn < 250; turn += 1) await histories.append(signinStream(long), padding);
    await signTree(world);
    const open = (token: string) => openAnswer(`/users/${long}/history/proof`, token);
    const slow = [await open(auditor), await open(auditor)];
    expect(await problemOf('/user/history/proof', auditor)).toBe('503 busy');
    const second = world.token(await histories.register(), { roles: ['auditor'] });
    slow.push(await open(second), await open(second));
    expect(await problemOf('/user/history/proof', world.token(String(others[0])))).toBe('503 busy');
    const stepBack = stepIntoNextWindow(11_000);
    await until(() => isSent('/user/history/proof', world.token(String(others[1]))));
    stepBack();
    await expect(readText(slow[0] as IncomingMessage)).rejects.toThrow();
    for (const answer of slow) answer.destroy();
    await until(() => isSent('/user/history/proof', world.token(long)));
  }, 240_000);

  it('answers HEAD without content, and puts the read on record', async () => {
    const userId = await aUser();
    await signTree(world);
    const response = await fetch(`${world.base}${API_PREFIX}/users/${userId}/history/proof`, {
      ...{ method: 'HEAD', headers: { authorization: `Bearer ${auditor}` } },
    });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(await histories.readsOf(userId)).toHaveLength(1);
  });

  it('answers 404 for nobody, also after somebody read about their id, and 401 to an own account without events', async () => {
    const nobody = randomUUID();
    await histories.append(accessStream(nobody), { type: 'HistoryRead', data: {}, metadata: {} });
    await signTree(world);
    expect(await problemOf(`/users/${nobody}/history/proof`)).toBe('404 not-found');
    expect(await problemOf('/user/history/proof', world.token(randomUUID()))).toBe('401 unauthenticated');
  });

  it('answers 503 without content while the log or the tables do not answer', async () => {
    const userId = await aUser();
    await signTree(world);
    await world.logProxy.set('hang');
    expect(await problemOf(`/users/${userId}/history/proof`)).toBe('503 dependency-unavailable');
    await world.logProxy.set('pass');
    await world.readProxy.set('hang');
    for (const path of ['/audit/checkpoint', `/audit/proof?event=${userId}`, '/audit/consistency?from=1&to=1'])
      expect(await problemOf(path)).toBe('503 dependency-unavailable');
    await world.readProxy.set('pass');
  });

  it('needs the role of an auditor for others', async () => {
    const userId = await aUser();
    const user = world.token(userId);
    for (const path of [`/users/${userId}/history/proof`, '/audit/checkpoint', `/audit/proof?event=${userId}`])
      expect(await problemOf(path, user)).toBe('403 forbidden');
  });
});
