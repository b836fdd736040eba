import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../kit/test/until.js';
import { filesContaining } from '../../test/filesContaining.js';
import { type S3, startS3 } from './startS3.js';

let folder: string;
let s3: S3;
let client: S3Client;
const Bucket = 'user-files';

const clientOf = ({ access: { endpoint, region, credentials } }: S3) =>
  new S3Client({
    ...{ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-s3-'));
  s3 = await startS3({ folder: join(folder, 's3') });
  client = clientOf(s3);
});
afterAll(async () => {
  client.destroy();
  await s3.close();
  await rm(folder, { recursive: true, force: true });
});

const put = (Key: string, Body = 'content', more: Partial<PutObjectCommand['input']> = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const contentOf = async (Key: string): Promise<string> =>
  String(await (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString());
const filesNamed = async (part: string) =>
  (await readdir(folder, { recursive: true })).filter((path) => path.includes(part));

describe('startS3', () => {
  it('fails with one sentence when its folder cannot be used', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(startS3({ folder: file })).rejects.toThrow(`The folder ${file} cannot be used (E`);
  });

  it('keeps objects over a restart, with new credentials', async () => {
    await put('pictures/kept', 'kept content', { ContentType: 'image/webp' });
    const before = s3.access;
    await s3.close();
    s3 = await startS3({ folder: join(folder, 's3') });
    const old = client;
    client = clientOf({ ...s3, access: { ...s3.access, credentials: before.credentials } });
    await expect(contentOf('pictures/kept')).rejects.toThrow('does not exist in our records');
    old.destroy();
    client.destroy();
    client = clientOf(s3);
    expect(await contentOf('pictures/kept')).toBe('kept content');
  });

  it('keeps its files from other users', async () => {
    await put('pictures/private/64.webp');
    expect((await stat(join(folder, 's3'))).mode & 0o777).toBe(0o700);
  });

  it('listens on 127.0.0.1 only, and fails with one sentence when its port is taken', async () => {
    const { port } = new URL(s3.access.endpoint);
    await expect(startS3({ folder: join(folder, 'second'), port: Number(port) })).rejects.toThrow(
      `Port ${port} of 127.0.0.1 is taken by another program.`,
    );
    const other = createServer();
    await new Promise<void>((resolve, reject) => {
      other.once('error', reject);
      other.listen(Number(port), '127.0.0.2', resolve);
    });
    await new Promise((resolve) => other.close(resolve));
  });

  it('stores nothing of an upload that ends early, and removes what a killed process has left', async () => {
    const { hostname, port, host } = new URL(s3.access.endpoint);
    const signed = await signedPut('pictures/cut', 1_000);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    const head = Object.entries({ ...signed, host }).map((header) => header.join(': '));
    socket.write(`PUT /${Bucket}/pictures/cut?x-id=PutObject HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\nhalf of it`);
    await until(async () => (await readdir(join(folder, 's3', 'unfinished'))).length === 1);
    socket.destroy();
    await until(async () => (await readdir(join(folder, 's3', 'unfinished'))).length === 0);
    await expect(contentOf('pictures/cut')).rejects.toThrow('does not exist');

    await writeFile(join(folder, 's3', 'unfinished', 'left'), 'left by a killed process');
    await s3.close();
    s3 = await startS3({ folder: join(folder, 's3') });
    client.destroy();
    client = clientOf(s3);
    expect(await filesContaining(folder, ['left by a killed process', 'half of it'])).toEqual([]);
  });

  it('answers what follows an upload that failed on the same connection', async () => {
    const uploads = join(folder, 's3', 'unfinished');
    await rm(uploads, { recursive: true });
    // More than is read at once, and less than the system takes from the client.
    for (let round = 1; round <= 2; round++)
      await expect(put('pictures/refused', 'x'.repeat(1_000_000))).rejects.toMatchObject({
        $metadata: { httpStatusCode: 500 },
      });
    await mkdir(uploads);
    await put('pictures/next', 'next content');
    expect(await contentOf('pictures/next')).toBe('next content');
  });

  it('leaves no trace of a deleted object', async () => {
    await put('pictures/gone/away/64.webp', 'canary content');
    expect(await filesContaining(folder, ['canary content'])).toHaveLength(1);
    const Delete = { Objects: [{ Key: 'pictures/gone/away/64.webp' }] };
    await client.send(new DeleteObjectsCommand({ Bucket, Delete }));
    expect([await filesContaining(folder, ['canary content']), await filesNamed('gone')]).toEqual([[], []]);
  });

  it('does not let a key name a file outside its bucket or a file of the server', async () => {
    await mkdir(join(folder, 'outside'));
    await writeFile(join(folder, 'outside', 'secret._S3rver_object'), 'secret');
    for (const key of ['../../outside/secret', '..', 'a/../../b', 'a//b', 'a/.', 'a\\..\\b', 'a\0', 'x'.repeat(300)]) {
      await expect(put(key)).rejects.toThrow();
      await expect(contentOf(key)).rejects.toThrow();
    }
    const Delete = { Objects: [{ Key: '../../outside/secret' }] };
    await expect(client.send(new DeleteObjectsCommand({ Bucket, Delete }))).rejects.toThrow();
    expect(await readFile(join(folder, 'outside', 'secret._S3rver_object'), 'utf8')).toBe('secret');
    await put('pictures/a');
    await expect(contentOf('pictures/a._S3rver_object.md5')).rejects.toThrow();
  });
});

describe('the restricted S3', () => {
  it.each([
    ['lists with tokens', () => client.send(new ListObjectsV2Command({ Bucket }))],
    ['lists of buckets', () => client.send(new ListBucketsCommand({}))],
    ['new buckets', () => client.send(new CreateBucketCommand({ Bucket: 'other-files' }))],
    ['conditional writes', () => put('pictures/a', 'b', { IfNoneMatch: '*' })],
    ['copies', () => client.send(new CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/pictures/a` }))],
    ['tags', () => put('pictures/a', 'b', { Tagging: 'a=b' })],
    ['other buckets', () => client.send(new HeadObjectCommand({ Bucket: 'other-files', Key: 'a' }))],
  ])('refuses %s', async (_, request) => {
    const refused = await request().catch((error: unknown) => error);
    const { $metadata } = refused as { $metadata: { httpStatusCode: number } };
    expect([404, 501]).toContain($metadata.httpStatusCode);
  });

  it('refuses a link with a parameter that is given twice', async () => {
    await put('pictures/a');
    const link = await getSignedUrl(client, new GetObjectCommand({ Bucket, Key: 'pictures/a' }));
    expect((await fetch(link)).status).toBe(200);
    const answer = await fetch(`${link}&X-Amz-Expires=60`);
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('InvalidArgument')]);
  });

  it('U-05 refuses requests without a signature, with a wrong one, and links that are not to read', async () => {
    await put('pictures/a');
    const url = `${s3.access.endpoint}/${Bucket}/pictures/a`;
    const upload = await getSignedUrl(client, new PutObjectCommand({ Bucket, Key: 'pictures/a' }));
    const well = new S3Client({
      ...{ endpoint: s3.access.endpoint, region: 'us-east-1', forcePathStyle: true },
      credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
    const known = await getSignedUrl(well, new GetObjectCommand({ Bucket, Key: 'pictures/a' }));
    const answers = [
      await fetch(url),
      await fetch(url, { method: 'PUT', body: 'x' }),
      await fetch(url, { method: 'DELETE' }),
      await fetch(`${s3.access.endpoint}/${Bucket}`),
      await fetch(`${s3.access.endpoint}/${Bucket}`, { method: 'POST', body: new FormData() }),
      await fetch(url, { method: 'OPTIONS', headers: { origin: 'https://a.example' } }),
      await fetch(known),
      await fetch(`${url}?X-Amz-Signature=x`),
      await fetch(`${url}?x-amz-algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=x`),
      await fetch(url, { headers: { authorization: 'AWS S3RVER:x' } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 403));
    expect((await fetch(upload, { method: 'PUT', body: 'x' })).status).toBe(501);
    expect(await contentOf('pictures/a')).toBe('content');
  });

  it('refuses a content without its length, and a list to delete that is too long', async () => {
    const { host } = new URL(s3.access.endpoint);
    const body = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('x')) });
    const { 'content-length': _, ...headers } = await signedPut('pictures/unknown', 1);
    const url = `${s3.access.endpoint}/${Bucket}/pictures/unknown`;
    const answer = await fetch(url, {
      method: 'PUT',
      body,
      duplex: 'half',
      headers: { ...headers, host },
    } as RequestInit);
    expect([answer.status, await answer.text()]).toEqual([411, expect.stringContaining('MissingContentLength')]);
    const Objects = Array.from({ length: 1_100 }, (_, index) => ({ Key: `${index}/${'x'.repeat(1_000)}` }));
    await expect(client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))).rejects.toThrow('too long');
  });

  it('does not let a browser guess the type of an object', async () => {
    await put('pictures/a', '<script>', { ContentType: 'image/webp' });
    const link = await getSignedUrl(client, new GetObjectCommand({ Bucket, Key: 'pictures/a' }));
    const { headers } = await fetch(link);
    expect([headers.get('x-content-type-options'), headers.get('content-type')]).toEqual(['nosniff', 'image/webp']);
  });

  it('H-01 lets scripts of every origin read what a link shows', async () => {
    await put('pictures/a', 'content', { ContentType: 'image/webp' });
    const link = await getSignedUrl(client, new GetObjectCommand({ Bucket, Key: 'pictures/a' }));
    const { headers } = await fetch(link, { headers: { origin: 'https://app.example.org' } });
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  });
});

/** The headers of a signed upload of so many bytes. */
const signedPut = async (Key: string, bytes: number): Promise<Record<string, string>> => {
  const capture = clientOf(s3);
  let headers: Record<string, string> = {};
  capture.middlewareStack.add(
    () => async (args) => {
      headers = (args.request as { headers: Record<string, string> }).headers;
      return { response: {}, output: { $metadata: {} } };
    },
    { step: 'finalizeRequest', priority: 'low', name: 'capture' },
  );
  await capture.send(new PutObjectCommand({ Bucket, Key, Body: 'x'.repeat(bytes) }));
  capture.destroy();
  return headers;
};
