import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { publicJwk } from '@ums/identity/access-token/jwkSet';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { type Log, silentLog } from '@ums/kit/log';
import { waitOf } from '@ums/kit/wait';
import { jwksSource } from './jwksSource.js';

describe('jwksSource', () => {
  let server: Server;
  let from: string;
  let fetches: number;
  let answer: { status: number; body: string };
  let now: number;
  let warned: unknown[];
  const keys = (...kids: string[]) => JSON.stringify({ keys: kids.map((kid) => ({ kid })) });
  const kidsOf = (set: { keys: readonly { kid: string }[] }) => set.keys.map(({ kid }) => kid);

  beforeEach(async () => {
    [fetches, now, warned, answer] = [0, 0, [], { status: 200, body: keys('first') }];
    server = createServer((_request, response) => {
      fetches++;
      response.writeHead(answer.status).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    from = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  const log: Log = { ...silentLog, warn: (...line) => void warned.push(line) };
  const source = () => jwksSource({ from, log, now: () => now });

  it('K-03 fetches the keys for an unknown key id at most once a minute', async () => {
    const { keys: find } = source();
    for (let index = 0; index < 50; index++) await find(`random ${index}`);
    expect(fetches).toBe(1);
    now = 59_999;
    await find('another');
    expect(fetches).toBe(1);
    answer.body = keys('first', 'second');
    now = 60_000;
    expect(kidsOf(await find('second'))).toEqual(['first', 'second']);
    await Promise.all(Array.from({ length: 20 }, (_, index) => find(`random ${index}`)));
    expect(fetches).toBe(2);
  });

  it('K-03 accepts a withdrawn key for at most five minutes', async () => {
    const { keys: find } = source();
    await find('first');
    answer.body = keys('second');
    now = 299_999;
    expect(kidsOf(await find('first'))).toEqual(['first']);
    now = 300_000;
    expect(kidsOf(await find('first'))).toEqual(['second']);
  });

  it('serves cached keys while the source is down, and throws DependencyUnavailable for an unknown key id', async () => {
    const { keys: find } = source();
    await find('first');
    answer.status = 500;
    now = 400_000;
    expect(kidsOf(await find('first'))).toEqual(['first']);
    await expect(find('second')).rejects.toBeInstanceOf(DependencyUnavailable);
    now = 460_000;
    await expect(find('second')).rejects.toBeInstanceOf(DependencyUnavailable);
    answer.status = 200;
    now = 520_000;
    expect(kidsOf(await find('second'))).toEqual(['first']);
  });

  it('K-03 fetches again soon after a failed fetch, with growing pauses up to a minute', async () => {
    const { keys: find } = source();
    await find('first');
    answer.status = 500;
    const tried: number[] = [];
    for (now = 60_000; now < 300_000; now += 500) {
      const before = fetches;
      await expect(find('second')).rejects.toBeInstanceOf(DependencyUnavailable);
      if (fetches > before) tried.push(now / 1_000);
    }
    expect(tried).toEqual([60, 61, 63, 67, 75, 91, 123, 183, 243]);
    answer = { status: 200, body: keys('first', 'second') };
    now = 303_000;
    expect(kidsOf(await find('second'))).toEqual(['first', 'second']);
  });

  it('K-03 accepts no cached key for longer than fifteen minutes while the source fails', async () => {
    const { keys: find } = source();
    await find('first');
    answer.status = 500;
    now = 899_999;
    expect(kidsOf(await find('first'))).toEqual(['first']);
    now = 900_000;
    await expect(find('first')).rejects.toBeInstanceOf(DependencyUnavailable);
    answer = { status: 200, body: keys('second') };
    now = 902_000;
    expect(kidsOf(await find('first'))).toEqual(['second']);
  });

  it('throws DependencyUnavailable until a valid key set was loaded', async () => {
    const { keys: find, load, loaded } = source();
    for (const [body, limit] of [
      ['not json', 'not JSON'],
      ['{}', 'not a key set'],
      ['null', 'not a key set'],
      ['{"keys":7}', 'not a key set'],
      ['{"keys":[null]}', 'not a key set'],
      [`{"keys":[],"pad":"${'x'.repeat(70_000)}"}`, 'longer than 65536 characters'],
    ] as const) {
      answer.body = body;
      const error = await load().catch((failure: unknown) => failure);
      expect(error).toBeInstanceOf(DependencyUnavailable);
      expect(waitOf(error)).toMatchObject({ dependency: 'jwks', limit });
      await expect(find('first')).rejects.toBeInstanceOf(DependencyUnavailable);
      expect(loaded()).toBe(false);
    }
    answer.body = keys('first');
    await load();
    expect(loaded()).toBe(true);
    const before = fetches;
    await load();
    expect(fetches).toBe(before);
  });

  it('K-03 takes a set with a damaged key for a failed fetch, and fetches again soon', async () => {
    const good = publicJwk(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey);
    const { keys: find, load, loaded } = source();
    for (const damage of [{ x: 'AA' }, { x: undefined }, { y: good?.x }, { x: 7 }]) {
      answer.body = JSON.stringify({ keys: [{ ...good, ...damage }] });
      const error = await load().catch((failure: unknown) => failure);
      expect(error).toBeInstanceOf(DependencyUnavailable);
      expect(waitOf(error)).toMatchObject({ dependency: 'jwks', limit: 'a key in it is damaged' });
      expect(loaded()).toBe(false);
    }
    // Keys of other kinds are ignored (RFC 7517 §5).
    answer.body = JSON.stringify({ keys: [{ kty: 'RSA', kid: 'other', n: 'AA' }, good] });
    expect(kidsOf(await find(good?.kid ?? ''))).toEqual(['other', good?.kid]);
    answer.body = JSON.stringify({ keys: [{ ...good, x: 'AA' }] });
    now = 300_000;
    expect(kidsOf(await find(good?.kid ?? ''))).toEqual(['other', good?.kid]);
    expect(warned).toHaveLength(2);
  });

  it('F-03 warns with the reason when the source begins to fail, and again only after it has answered', async () => {
    const { load, keys: find } = source();
    answer.status = 404;
    for (let time = 0; time < 2; time++) await expect(load()).rejects.toBeInstanceOf(DependencyUnavailable);
    expect(warned).toEqual([
      ['public keys cannot be loaded', { dependency: 'jwks', reason: 'answered with status 404' }],
    ]);
    answer.status = 200;
    await load();
    [answer.status, now] = [500, 60_000];
    await expect(find('second')).rejects.toBeInstanceOf(DependencyUnavailable);
    expect(warned).toHaveLength(2);
    from = '/nowhere/jwks.json';
    await expect(source().load()).rejects.toBeInstanceOf(DependencyUnavailable);
    expect(warned.at(-1)).toEqual(['public keys cannot be loaded', { dependency: 'jwks', reason: 'ENOENT' }]);
  });

  it('reads the keys from a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ums-jwks-'));
    from = join(folder, 'jwks.json');
    await writeFile(from, keys('from a file'));
    expect(kidsOf(await source().keys('from a file'))).toEqual(['from a file']);
    await rm(folder, { recursive: true });
  });
});
