import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { replayCommand } from './replayCommand.js';

const ID = '0199c0de-0000-4000-8000-000000000001';
const AUDIT_TOKEN = 'header.payload-of-a-token.signature';
const CONTINUE = 'Continue with --after';

let server: Server;
let base: string;
/** Of the fake API: each request takes the next answer, and the last one again and again. */
let answers: ((response: ServerResponse, request: IncomingMessage) => void)[];
let asked: string[];
/** Positions that are the newest of the feed, one for each time it is asked for that; then the last one again and again. */
let newest: number[];
let newestAsked: string[];
let authorizations: Set<string | undefined>;
beforeEach(async () => {
  [answers, asked, authorizations] = [[], [], new Set()];
  [newest, newestAsked] = [[], []];
  const listener: RequestListener = (request, response) => {
    authorizations.add(request.headers.authorization);
    if (request.url?.includes('order=desc')) {
      newestAsked.push(request.url);
      const position = newest.length > 1 ? newest.shift() : newest[0];
      return json({ items: position === undefined ? [] : [{ position: String(position) }], next: null })(response);
    }
    asked.push(request.url ?? '');
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    answer?.(response, request);
  };
  server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const json =
  (body: object, status = 200, headers: Record<string, string> = {}) =>
  (response: ServerResponse) => {
    const type = status === 200 ? 'application/json; charset=utf-8' : 'application/problem+json';
    response.writeHead(status, { 'content-type': type, ...headers }).end(JSON.stringify(body));
  };
const eventsAt = (...positions: number[]): string =>
  positions.map((position) => `${JSON.stringify({ position: String(position), type: 'UserRenamed' })}\n`).join('');
const stream = (text: string) => (response: ServerResponse) =>
  void response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(text);
/** Sends a text and then destroys the connection. */
const cut = (text: string) => (response: ServerResponse) =>
  void response
    .writeHead(200, { 'content-type': 'application/x-ndjson' })
    .write(text, () => setImmediate(() => response.destroy()));

const start = (args: string[], interrupt = new AbortController()) => {
  const run = { out: '', pauses: [] as number[], shown: [] as unknown[], ended: 0 };
  const terminal = {
    write: async (text: string) => {
      run.out += text;
    },
    display: {
      show: (...progress: unknown[]) => run.shown.push(progress.slice(1)),
      end: () => {
        run.ended += 1;
      },
    },
    pause: async (ms: number) => {
      run.pauses.push(ms);
      interrupt.signal.throwIfAborted();
    },
    signal: interrupt.signal,
  };
  return Object.assign(run, { result: replayCommand(args, { AUDIT_TOKEN, API_URL: base }, terminal) });
};

const positionsIn = (text: string): number[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => Number((JSON.parse(line) as { position: string }).position));

describe('npm run replay -- --user', () => {
  const actor = { kind: 'anonymous', id: null };
  const entry = (position: number) => ({ position: String(position), type: 'UserRenamed', actor, changes: [] });

  it('prints the whole history, oldest first and page by page', async () => {
    answers = [
      json({ items: [entry(1), entry(5)], previous: null, next: 'dTI' }),
      json({ items: [entry(9)], previous: 'dTI', next: null }),
    ];
    const run = start(['--user', ID, '--grant', ID]);
    expect(await run.result).toBe('3 records.');
    expect(positionsIn(run.out)).toEqual([1, 5, 9]);
    const query = `order=asc&limit=100&include=sessions&grant=${ID}`;
    const path = `/api/v1/users/${ID}/history?${query}`;
    expect(asked).toEqual([path, `${path}&after=dTI`]);
    expect([run.shown, run.ended]).toEqual([
      [
        [2, '5'],
        [3, '9'],
      ],
      1,
    ]);
  });

  it('says once that a grant shows no values, and nothing where they are shown, or without a grant', async () => {
    const page = (shown: unknown) =>
      json({ items: [1, 2].map((at) => ({ ...entry(at), ...(shown as object) })), previous: null, next: null });
    const hidden = { masked: true };
    const change = (after: unknown) => ({ changes: [{ field: 'name', before: null, after }], source: hidden });
    const profile = (name: unknown) => json({ id: ID, name, email: 'ada@example.org', roles: [], picture: null });
    const granted = ['--user', ID, '--grant', ID];
    const asOf = [...granted, '--as-of', '1'];
    const NOTICE = 'Values are masked: the grant is not open, not yours, or not for this user.\n';
    const sentenceOf = (args: string[], answer: ReturnType<typeof json>) => {
      answers = [answer];
      return start(args).result;
    };
    for (const shown of [change(hidden), { reason: hidden }])
      expect(await sentenceOf(granted, page(shown))).toBe(`${NOTICE}2 records.`);
    expect(await sentenceOf(asOf, profile(hidden))).toBe(`${NOTICE}1 record.`);
    expect(await sentenceOf(granted, page(change('Ada')))).toBe('2 records.');
    expect(await sentenceOf(granted, page(change({ erased: true })))).toBe('2 records.');
    expect(await sentenceOf(asOf, profile('Ada'))).toBe('1 record.');
    expect(await sentenceOf(['--user', ID], page(change(hidden)))).toBe('2 records.');
  });

  it('says how to continue when a page is refused, and continues without a second head', async () => {
    answers = [json({ items: [entry(1)], previous: null, next: 'dTE' }), json({}, 401)];
    const run = start(['--user', ID, '--format', 'csv']);
    await expect(run.result).rejects.toThrow(
      `The service does not accept AUDIT_TOKEN (401): it is wrong, expired or revoked. 1 record was printed. ${CONTINUE} dTE`,
    );
    expect([run.out.startsWith('position,'), run.ended]).toEqual([true, 1]);
    answers = [json({ items: [entry(2)], previous: 'dTE', next: null })];
    const continued = start(['--user', ID, '--format', 'csv', '--after', 'dTE']);
    expect(await continued.result).toBe('1 record.');
    expect([asked.at(-1), continued.out]).toEqual([
      expect.stringMatching(/after=dTE$/),
      expect.stringMatching(/^2,.*\r\n$/),
    ]);
  });

  it('prints the profile as it was, or says since when the user is erased', async () => {
    answers = [json({ id: ID, roles: ['user'] })];
    const run = start(['--user', ID, '--as-of', '2026-01-31T12:00:00Z']);
    expect([await run.result, JSON.parse(run.out)]).toEqual(['1 record.', { id: ID, roles: ['user'] }]);
    expect(asked).toEqual([`/api/v1/users/${ID}?asOf=2026-01-31T12%3A00%3A00Z`]);
    answers = [json({ erasedAt: '2026-02-01T00:00:00.000Z' }, 410)];
    await expect(start(['--user', ID, '--as-of', '3']).result).rejects.toThrow(
      /^The user is erased since 2026-02-01T00:00:00.000Z \(410\)\.$/,
    );
  });
});

describe('npm run replay -- --from --to', () => {
  const RANGE = ['--from', '10', '--to', '30'];

  it('prints the events of the range and reads no further', async () => {
    let isClosed: Promise<unknown> = Promise.resolve();
    answers = [
      (response) => {
        isClosed = new Promise((resolve) => response.once('close', resolve));
        // The stream of a service goes on.
        response.writeHead(200, { 'content-type': 'application/x-ndjson' }).write(eventsAt(10, 20, 30, 40));
      },
    ];
    const run = start(RANGE);
    expect(await run.result).toBe('3 records.');
    await isClosed;
    expect([positionsIn(run.out), asked]).toEqual([[10, 20, 30], ['/api/v1/audit/events?order=asc&after=9']]);
  });

  it('ends at the last position of the range without waiting for another event', async () => {
    answers = [
      (response) => response.writeHead(200, { 'content-type': 'application/x-ndjson' }).write(eventsAt(10, 30)),
    ];
    expect(await start(RANGE).result).toBe('2 records.');
  });

  it('begins at the first event, and continues only within the range', async () => {
    answers = [stream('')];
    const run = start(['--from', '0', '--to', '30', '--format', 'csv']);
    expect([await run.result, run.out]).toEqual(['0 records.', expect.stringMatching(/^position,id,.*\r\n$/)]);
    await start([...RANGE, '--after', '20']).result;
    await start([...RANGE, '--after', '3']).result;
    expect(asked.map((url) => url.split('order=asc')[1])).toEqual(['', '&after=20', '&after=9']);
  });

  it('F-31 goes on after the last whole event when the connection is cut', async () => {
    answers = [cut(`${eventsAt(10, 11)}{"position":"1`), cut(''), cut('{"pos'), stream(eventsAt(12, 30))];
    const run = start(RANGE);
    expect(await run.result).toBe('4 records.');
    expect(positionsIn(run.out)).toEqual([10, 11, 12, 30]);
    expect(asked.map((url) => url.split('after=')[1])).toEqual(['9', '11', '11', '11']);
    expect(run.pauses).toHaveLength(3);
  });

  it('takes a stream that ends within a line for a cut one', async () => {
    answers = [stream(`${eventsAt(10)}{"position":"30"`), stream(eventsAt(30))];
    const run = start(RANGE);
    expect([await run.result, positionsIn(run.out)]).toEqual(['2 records.', [10, 30]]);
  });

  it('waits as long as the service asks, a minute at most, and gives up in the end', async () => {
    const later = new Date(Date.now() + 3_600_000).toUTCString();
    answers = [
      json({}, 503, { 'retry-after': '10' }),
      json({}, 429, { 'retry-after': '999' }),
      json({}, 503, { 'retry-after': later }),
      json({}, 503, { 'retry-after': 'soon' }),
      json({}, 502),
      cut(eventsAt(10)),
      json({}, 504, { 'retry-after': '1' }),
    ];
    const run = start(RANGE);
    await expect(run.result).rejects.toThrow(
      `The service is busy or unavailable (504). 1 record was printed. ${CONTINUE} 10`,
    );
    expect(run.pauses.slice(0, 3)).toEqual([10_000, 60_000, 60_000]);
    expect(Math.max(...run.pauses.slice(3, 6))).toBeLessThanOrEqual(8_000);
    // The record that was read in between made eight more attempts possible.
    expect(run.pauses.slice(6)).toEqual(Array(7).fill(1_000));
  });

  it('shows all of a range as done that reaches beyond the last event', async () => {
    answers = [stream(eventsAt(10, 20))];
    const run = start(RANGE);
    expect(await run.result).toBe('2 records.');
    expect(run.shown.at(-1)).toEqual([2, '20', true]);
  });

  it('F-12 waits until the stream leads to the newest event, from where it ended', async () => {
    newest = [30, 30, 30];
    answers = [stream(eventsAt(10)), stream(''), stream(eventsAt(20, 30))];
    const run = start(['--from', '10', '--to', '35']);
    expect([await run.result, positionsIn(run.out)]).toEqual(['3 records.', [10, 20, 30]]);
    expect(asked.map((url) => url.split('after=')[1])).toEqual(['9', '10', '10']);
    expect(newestAsked[0]).toBe('/api/v1/audit/events?order=desc&limit=1&after=36');
    expect(run.pauses).toHaveLength(2);
  });

  it('F-12 says that the feed is not whole when that takes too long', async () => {
    newest = [30];
    answers = [stream(eventsAt(10)), stream('')];
    await expect(start(RANGE).result).rejects.toThrow(
      `The feed of events does not lead to its newest event yet. 1 record was printed. ${CONTINUE} 10`,
    );
    newest = [];
    answers = [stream('')];
    await start(['--from', '0', '--to', '99999999999999999999']).result;
    expect(newestAsked.at(-1)).toBe('/api/v1/audit/events?order=desc&limit=1');
  });

  it('repeats no cursor that the service has refused', async () => {
    answers = [json({ errors: [{ field: 'after', message: 'is not a cursor' }] }, 400)];
    await expect(start(['--user', ID, '--after', 'x']).result).rejects.toMatchObject({
      message: 'The service refuses the request (400): after is not a cursor. Nothing was printed.',
    });
  });

  it('prints its usage when it is asked for it, without a token', async () => {
    const terminal = { write: async () => undefined, display: { show: () => undefined, end: () => undefined } };
    const rest = { pause: async () => undefined, signal: new AbortController().signal };
    await expect(replayCommand(['--help'], {}, { ...terminal, ...rest })).resolves.toMatch(/^Usage: npm run -s replay/);
  });

  it('gives up when nothing answers', async () => {
    server.close();
    const run = start(RANGE);
    await expect(run.result).rejects.toThrow('The connection to the service failed. Nothing was printed.');
    expect(run.pauses).toHaveLength(8);
  });

  it('ends when it is interrupted, and says how to continue', async () => {
    const interrupt = new AbortController();
    answers = [
      (response) => {
        response.writeHead(200, { 'content-type': 'application/x-ndjson' }).write(eventsAt(10, 20));
      },
    ];
    const run = start(RANGE, interrupt);
    run.shown.push = (...items: unknown[]) => {
      interrupt.abort();
      return items.length;
    };
    await expect(run.result).rejects.toThrow(`The replay was interrupted. 2 records were printed. ${CONTINUE} 20`);
  });
});

describe('npm run replay', () => {
  it('asks the feed for a correlation id', async () => {
    answers = [stream(eventsAt(3, 4))];
    const run = start(['--correlation', ID]);
    expect([await run.result, positionsIn(run.out)]).toEqual(['2 records.', [3, 4]]);
    expect(asked).toEqual([`/api/v1/audit/events?order=asc&correlation=${ID}`]);
    expect([...authorizations]).toEqual([`Bearer ${AUDIT_TOKEN}`]);
  });

  it.each([
    [json({}, 403), 'AUDIT_TOKEN is not of an auditor or administrator (403).'],
    [
      json({}, 404),
      'There is no such user, or there was none at that time, or API_URL does not lead to the service (404); it ends before /api/v1.',
    ],
    [
      json({}, 404, { 'content-type': 'text/html' }),
      'API_URL does not lead to the service (404); it ends before /api/v1.',
    ],
    [json({}, 410), 'The user is erased (410).'],
    [
      json({ errors: [{ field: 'after', message: 'is not a cursor\u001b of this list' }] }, 400),
      'The service refuses the request (400): after is not a cursor\ufffd of this list.',
    ],
    [json({}, 400, { 'content-type': 'text/html' }), 'The service refuses the request (400).'],
    [json({}, 500), 'The service answered with 500; look at API_URL.'],
    [json({}, 302, { location: 'http://127.0.0.1:1/' }), 'The service answered with 302; look at API_URL.'],
    [json({}, 200, { 'content-type': 'text/html' }), 'The answer is not that of this API; look at API_URL.'],
    [
      (response: ServerResponse) =>
        void response.writeHead(403, { 'content-length': '100' }).write('{', () => response.destroy()),
      'AUDIT_TOKEN is not of an auditor or administrator (403).',
    ],
    [
      (response: ServerResponse) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{'),
      'The replay failed (SyntaxError).',
    ],
  ])('L-02 fails with one sentence, which holds no token (%#)', async (answer, sentence) => {
    answers = [answer];
    const { result, pauses } = start(['--user', ID]);
    await expect(result).rejects.toMatchObject({ message: `${sentence} Nothing was printed.`, printable: true });
    expect(pauses).toEqual([]);
  });

  it.each([[['--from', '0', '--to', '9']], [['--correlation', ID]]])(
    'blames API_URL, and no user, where events are not found: %j',
    async (args) => {
      answers = [json({}, 404)];
      await expect(start(args).result).rejects.toThrow(
        'API_URL does not lead to the service (404); it ends before /api/v1. Nothing was printed.',
      );
    },
  );

  it('fails with its usage before it needs a token', async () => {
    const terminal = { write: async () => undefined, display: { show: () => undefined, end: () => undefined } };
    const rest = { pause: async () => undefined, signal: new AbortController().signal };
    await expect(replayCommand([], {}, { ...terminal, ...rest })).rejects.toThrow('Usage: npm run -s replay');
  });
});
