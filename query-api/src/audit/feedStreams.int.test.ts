import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stepIntoNextWindow } from '../../../infra/kit/test/stepIntoNextWindow.js';
import { until } from '../../../infra/kit/test/until.js';
import { createFeedWorld, type FeedWorld, feedEvent } from '../../test/feedWorld.js';

const NDJSON = 'application/x-ndjson';
/** More than one page of a stream, and more than the buffers of any socket hold. */
const MANY = 60_000;
const FIRST = 1_000;

const formula = feedEvent(1, {
  ...{ type: '=cmd|calc', actor: { kind: 'service' as const, id: '-notifier, the' }, grantId: randomUUID() },
});
const plain = feedEvent(2, { userId: '0199c0de-0000-4000-8000-000000000001' });

let world: FeedWorld;
beforeAll(async () => {
  world = await createFeedWorld();
  await world.insert([formula, plain]);
  await world.insertMany(FIRST, MANY);
}, 180_000);
afterAll(() => world.close());

const upToMany = { order: 'desc', after: String(FIRST) };
const slugOf = async (response: Response): Promise<string> =>
  String(((await response.json()) as { type: string }).type.split('/').at(-1));

const askForStream = async (token: string): Promise<IncomingMessage> => {
  const request = get(`${world.base}/api/v1/audit/events?order=asc`, {
    headers: { accept: NDJSON, authorization: `Bearer ${token}` },
    agent: false,
  });
  request.on('error', () => undefined);
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  return answer;
};

/** A stream of all events, of which nothing is read yet. Waits for the place of one that a client has left. */
const openStream = async (token = world.auditor.token): Promise<IncomingMessage> => {
  let answer = await askForStream(token);
  await until(async () => {
    if (answer.statusCode === 200) return true;
    answer.destroy();
    answer = await askForStream(token);
    return false;
  });
  return answer;
};

/** Waits until a slot is free. */
const untilFree = () =>
  until(async () => {
    const again = await world.ask(upToMany, { accept: NDJSON });
    await again.text();
    return again.status === 200;
  });

describe('streams of the feed', () => {
  it('send all events of a range as lines of JSON, like those of the pages', async () => {
    const response = await world.ask(upToMany, { accept: NDJSON });
    expect(response.headers.get('content-type')).toBe(NDJSON);
    expect(response.headers.get('vary')).toContain('Accept');
    const lines = (await response.text()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([plain, formula]);
    expect((await world.page(upToMany)).items).toEqual([plain, formula]);
  });

  it('I-07 send them as CSV whose formulas are text', async () => {
    const response = await world.ask(upToMany, { accept: 'text/csv' });
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename=events.csv');
    expect((await response.text()).split('\r\n')).toEqual([
      'position,id,userId,type,actorKind,actorId,at,correlationId,grantId',
      `2,${plain.id},${plain.userId},UserRenamed,anonymous,,${plain.at},${plain.correlationId},`,
      `1,${formula.id},,'=cmd|calc,service,"'-notifier, the",${formula.at},${formula.correlationId},${formula.grantId}`,
      '',
    ]);
  });

  it('send every event once, over many pages, and go on after the last one received', async () => {
    const range = { order: 'asc', to: new Date(Date.UTC(2026, 0, 1) + (FIRST + 2_999) * 1_000).toISOString() };
    const linesAfter = async (after: string) =>
      (await (await world.ask({ ...range, after }, { accept: NDJSON })).text()).trimEnd().split('\n');
    const lines = await linesAfter('2');
    const positions = lines.map((line) => (JSON.parse(line) as { position: string }).position);
    expect(positions.join()).toBe(Array.from({ length: 3_000 }, (_, index) => FIRST + index).join());
    expect(await linesAfter(positions.at(-3) ?? '')).toEqual(lines.slice(-2));
  });

  it.each([
    ['*/*', 'application/json'],
    ['text/html, application/json;q=0.5', 'application/json'],
    [`application/json;q=0.5, ${NDJSON}`, NDJSON],
    ['text/*', 'text/csv'],
  ])('answer Accept: %s with %s', async (accept, type) => {
    const response = await world.ask(upToMany, { accept });
    expect(response.headers.get('content-type')).toContain(type);
    await response.text();
  });

  it('refuse media types that the route does not have, and a limit', async () => {
    for (const accept of ['text/html', 'application/xml', `${NDJSON};q=0`]) {
      const response = await world.ask(upToMany, { accept });
      expect([response.status, await slugOf(response)]).toEqual([406, 'not-acceptable']);
    }
    const limited = await world.ask({ limit: '5' }, { accept: NDJSON });
    expect(await limited.json()).toMatchObject({ status: 400, errors: [{ field: 'limit' }] });
  });

  it('answer HEAD with the headers alone', async () => {
    const response = await fetch(`${world.base}/api/v1/audit/events`, {
      method: 'HEAD',
      headers: { accept: NDJSON, authorization: `Bearer ${world.auditor.token}` },
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, NDJSON]);
  });

  it('F-31 are two at a time: a third gets 503 until a client disconnects, while pages are answered', async () => {
    const [first, second] = [await openStream(), await openStream()];
    const third = await world.ask({}, { accept: NDJSON });
    expect([third.status, third.headers.get('retry-after'), await slugOf(third)]).toEqual([503, '10', 'busy']);
    expect((await world.page({ limit: '1' })).items).toHaveLength(1);
    first.destroy();
    await untilFree();
    second.destroy();
  });

  it('H-03 F-31 pass to a newcomer from the reader that has had one for a minute longer', async () => {
    const [slow, newcomer] = [await world.newAuditor(), await world.newAuditor()];
    const streams = [await openStream(slow.token), await openStream(slow.token)];
    const stepBack = stepIntoNextWindow(61_000);
    const path = `/audit/events?${new URLSearchParams(upToMany)}`;
    let lines: string[] = [];
    await until(async () => {
      const response = await world.get(path, newcomer.token, { accept: NDJSON });
      lines = (await response.text()).trimEnd().split('\n');
      return response.status === 200;
    });
    stepBack();
    expect(lines).toEqual(Array(2).fill(expect.any(String)));
    await expect(text(streams[0] as IncomingMessage)).rejects.toThrow();
    streams[1]?.destroy();
    await untilFree();
  });

  it('T-08 break off when the token is revoked', async () => {
    const reader = await world.newAuditor();
    const stream = await openStream(reader.token);
    await world.addSessionRevocation(reader.id, reader.sid);
    await until(async () => (await world.get('/audit/events', reader.token)).status === 401);
    await expect(text(stream)).rejects.toThrow();
  });

  it('F-16 break off when the read model is lost, and free their place', async () => {
    const streams = [await openStream(), await openStream()];
    await world.readProxy.set('refuse');
    for (const stream of streams) await expect(text(stream)).rejects.toThrow();
    await world.readProxy.set('pass');
    await untilFree();
  });
});
