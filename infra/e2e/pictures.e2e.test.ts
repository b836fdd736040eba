import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { CANARY, exif } from '../../notifier/test/pictures/exif.js';
import { exifSegment, withSegments } from '../../notifier/test/pictures/jpegSegments.js';
import { pngHeader, pngOf } from '../../notifier/test/pictures/png.js';
import { picture } from '../../notifier/test/pictures/samplePictures.js';
import { filesContaining } from '../embedded/test/filesContaining.js';
import { until } from '../kit/test/until.js';
import { type ApiClient, apiClient } from './test/apiClient.js';
import { linkOf, nthMail } from './test/inbox.js';
import { startWholeService, type WholeService } from './test/startWholeService.js';

const EMAIL = 'ada@example.org';
const PASSWORD = 'nine quiet boats at noon';
/** Its metadata, and thus the upload, holds the canary; the squares do not. */
const PORTRAIT = withSegments(picture, exifSegment(exif({ orientation: 6 })));
const DAMAGED = pngOf(pngHeader({ width: 100, height: 100 }));

// A test kills the service and waits until it is ready again.
jest.setTimeout(300_000);

let folder: string;
let service: WholeService;
let client: ApiClient;
let token: string | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-pictures-'));
  await start();
}, 300_000);

afterAll(async () => {
  await service.process.end('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

const start = async (): Promise<void> => {
  service = await startWholeService(join(folder, 'data'));
  client = await apiClient(service.api);
};
const form = (fields: Record<string, string>, file: Uint8Array): FormData => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  body.set('picture', new Blob([file]), 'portrait.jpg');
  return body;
};
/** Sends a file until the object storage answers in time, as it may not on a busy machine. */
const upload = async (method: string, path: string, fields: Record<string, string>, file: Uint8Array) => {
  let answer: Awaited<ReturnType<ApiClient['ask']>> | undefined;
  await until(async () => {
    answer = await client.ask(method, path, { token, body: form(fields, file) });
    return answer.status !== 503;
  });
  return answer as NonNullable<typeof answer>;
};
const put = (file: Uint8Array, fields = {}) => upload('PUT', '/user', fields, file);
const ownPicture = async () => (await client.ask('GET', '/user', { token })).json.picture;
const untilPicture = async (is: (picture: Awaited<ReturnType<typeof ownPicture>>) => boolean) => {
  let own: Awaited<ReturnType<typeof ownPicture>>;
  await until(async () => {
    own = await ownPicture();
    return is(own);
  });
  return own;
};
const logIn = async (): Promise<void> => {
  const { json } = await client.ask('POST', '/auth/login', { body: { email: EMAIL, password: PASSWORD } });
  token = json.accessToken;
};
const opens = async (urls: Record<string, string>): Promise<number[]> =>
  Promise.all(Object.values(urls).map(async (url) => (await fetch(url)).status));

/** The part of a link that is new for each picture. */
const keyOf = (urls: Record<string, string>): string | undefined =>
  new URL(urls['64'] ?? '').pathname.split('/').at(-2);

/** The edges of a WebP that is not lossless (RFC 9649 §2.5). */
const edgesOf = (webp: Buffer) => [webp.readUInt16LE(26) % 16_384, webp.readUInt16LE(28) % 16_384];

describe('the picture of a user, from upload to erasure', () => {
  it('U-02 U-03 U-05 is sent with a registration, and opens in a browser once that is confirmed', async () => {
    const person = { email: EMAIL, password: PASSWORD, name: 'Ada Lovelace' };
    expect((await upload('POST', '/auth/register', person, PORTRAIT)).status).toBe(202);
    const { token: mailed } = linkOf(await nthMail(service.inbox, EMAIL, 1));
    await client.ask('POST', '/auth/confirm', { body: { token: mailed, password: PASSWORD } });
    await logIn();
    const { urls } = await untilPicture((own) => own?.status === 'ready');
    for (const [size, url] of Object.entries<string>(urls)) {
      const answer = await fetch(url);
      expect(edgesOf(Buffer.from(await answer.arrayBuffer()))).toEqual([Number(size), Number(size)]);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': 'image/webp',
        'x-content-type-options': 'nosniff',
        'content-disposition': 'inline; filename="picture.webp"',
        'cache-control': 'public, max-age=31536000, immutable',
      });
    }
    expect(Object.keys(urls)).toEqual(['64', '256', '512']);
    await until(async () => (await filesContaining(join(service.dataDir, 's3'), [CANARY])).length === 0);
  });

  it('U-02 U-05 is replaced once the newer one is ready, and stays while a newer one is rejected', async () => {
    const { urls: first } = await ownPicture();
    const answer = await put(PORTRAIT, { name: 'Ada King' });
    expect([answer.status, answer.json.name, answer.json.picture.status]).toEqual([202, 'Ada King', 'processing']);
    expect(Object.keys(answer.json.picture.urls)).toEqual(['64', '256', '512']);
    const { urls: second } = await untilPicture((own) => own?.status === 'ready' && own.urls['64'] !== first['64']);
    expect(await opens(second)).toEqual([200, 200, 200]);
    expect(keyOf(second)).toMatch(/^[0-9a-f-]{36}$/);
    expect(keyOf(second)).not.toBe(keyOf(first));
    await until(async () => (await opens(first)).every((status) => status === 404));

    expect((await put(DAMAGED)).status).toBe(202);
    expect(await untilPicture((own) => own?.status === 'rejected')).toEqual({
      status: 'rejected',
      reason: 'damaged',
      urls: expect.objectContaining({ 64: expect.any(String) }),
    });
    expect(await opens((await ownPicture()).urls)).toEqual([200, 200, 200]);
  });

  it('F-01 F-27 is processed after a kill right after the answer, and shown after it', async () => {
    expect((await put(PORTRAIT)).status).toBe(202);
    await service.process.end('SIGKILL');
    await start();
    await logIn();
    const { urls } = await untilPicture((own) => own?.status === 'ready');
    expect(await opens(urls)).toEqual([200, 200, 200]);
  });

  it('U-02 is removed, with its objects', async () => {
    const { urls } = await ownPicture();
    const answer = await client.ask('DELETE', '/user/picture', { token });
    expect([answer.status, answer.json.picture]).toEqual([200, null]);
    await untilPicture((own) => own === null);
    await until(async () => (await opens(urls)).every((status) => status === 404));
  });

  it('G-03 leaves nothing in the object storage once its user is erased', async () => {
    await put(PORTRAIT);
    const { urls } = await untilPicture((own) => own?.status === 'ready');
    await put(PORTRAIT);
    const erased = await client.ask('DELETE', '/user', { token, body: { password: PASSWORD } });
    expect(erased.status).toBe(204);
    await until(async () => (await opens(urls)).every((status) => status === 404));
    await until(async () => (await filesContaining(join(service.dataDir, 's3'), [CANARY, 'RIFF'])).length === 0);
  });
});
