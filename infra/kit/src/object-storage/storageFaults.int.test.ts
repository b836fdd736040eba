import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startS3 } from '@ums/embedded/s3/startS3';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { waitOf } from '@ums/kit/wait';
import { itOnSmallDisk } from '../../../engines/test/smallDisk.js';
import { withEnvironment } from '../../../engines/test/withEnvironment.js';
import { type FaultProxy, startFaultProxy } from '../../test/faultProxy.js';
import { aPrefix, listed, streamOf } from '../../test/objectStorageContract.js';
import { PATIENT_MS } from '../../test/patientMs.js';
import { settlesWithin } from '../../test/settlesWithin.js';
import { until } from '../../test/until.js';
import type { ObjectStorage } from './objectStorage.js';
import type { S3Access } from './s3Client.js';
import { openS3Storage, type S3StorageOptions } from './s3Storage.js';

/** Maximum time until the 503 for a dependency that is down (F-03). */
const LONGEST_ANSWER_MS = 2_500;
const PICTURE = { contentType: 'image/webp', maxBytes: 5_000_000 };
const content = randomBytes(1_000_000);

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

let folder: string;
let access: S3Access;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-s3-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  access = { region: 'us-east-1', bucket: 'user-files', credentials: { accessKeyId: 'id', secretAccessKey: 'secret' } };
});

const start = async (path = folder): Promise<void> => {
  const s3 = await startS3({ folder: path });
  closing.push(s3.close);
  access = s3.access;
};
const storageAt = (endpoint: string, options?: S3StorageOptions): ObjectStorage => {
  const storage = openS3Storage({ ...access, endpoint }, options);
  closing.push(storage.close);
  return storage;
};
const urlOf = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
const serve = async (answer: RequestListener): Promise<string> => {
  const server = createServer(answer);
  closing.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return await urlOf(server);
};

/** Every method of a storage, once. */
const allMethods = (storage: ObjectStorage, key = `${aPrefix()}a`): Promise<unknown>[] => [
  storage.put(key, content, PICTURE),
  storage.put(key, streamOf([content]), PICTURE),
  storage.get(key),
  storage.head(key),
  storage.delete(key),
  storage.deleteAll(`${key}/`),
  listed(storage.list(`${key}/`)),
];

/** For faults that are noticed without a time limit. */
const patient = { timeoutMs: PATIENT_MS };
const OPEN = 'circuit breaker is open';

/** Expects that each call fails in time because of the object storage. @returns the limits that were reached before the breaker opened. */
const expectUnavailable = async (calls: readonly Promise<unknown>[]): Promise<string[]> => {
  const answered = Promise.all(
    calls.map((call) =>
      call.then(
        () => 'no error',
        (error: unknown) => error,
      ),
    ),
  );
  expect(await settlesWithin(LONGEST_ANSWER_MS, answered)).toBe(true);
  const errors = await answered;
  for (const error of errors) expect(error).toEqual(new DependencyUnavailable('object storage'));
  return errors.map((error) => waitOf(error)?.limit ?? 'none').filter((limit) => limit !== OPEN);
};

describe('an object storage that fails', () => {
  it('F-03 is absent: every method is refused at once, and works again when the storage is back', async () => {
    await start();
    const proxy = await proxyOf(access);
    const storage = storageAt(`http://127.0.0.1:${proxy.port}`);
    await proxy.set('refuse');
    const limits = await expectUnavailable(allMethods(storage));
    expect(new Set(limits)).toEqual(new Set(['ECONNREFUSED']));
    await proxy.set('pass');
    await until(() =>
      storage.put(`${aPrefix()}a`, content, PICTURE).then(
        () => true,
        () => false,
      ),
    );
  });

  it('F-03 hangs: every method is refused in time, its connections are closed, and it works again afterwards', async () => {
    await start();
    const proxy = await proxyOf(access);
    const storage = storageAt(`http://127.0.0.1:${proxy.port}`);
    await proxy.set('hang');
    const limits = await expectUnavailable(allMethods(storage));
    for (const limit of limits) expect(limit).toMatch(/^(no answer within 2000 ms|TimeoutError|ETIMEDOUT)$/);
    // A second later, the breaker lets a call through, which hangs too.
    await until(async () => {
      const wait = waitOf(await storage.head('a').catch((error: unknown) => error));
      return wait?.limit === OPEN && wait.waitedMs === 0;
    });
    await proxy.set('pass');
    await until(() =>
      storage.put(`${aPrefix()}a`, content, PICTURE).then(
        () => true,
        () => false,
      ),
    );
  });

  it('F-03 accepts connections and never answers: aborted calls leave no connection open', async () => {
    const sockets = new Set<Socket>();
    const server = createTcpServer((socket) => {
      sockets.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => sockets.delete(socket))
        .resume();
    });
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    const storage = storageAt(await urlOf(server), { timeoutMs: 100 });
    await expectUnavailable(allMethods(storage));
    await until(() => sockets.size === 0);
  });

  it('F-03 answers more slowly than in time: every method is refused', async () => {
    const url = await serve((request, response) => {
      request.resume();
      setTimeout(() => response.writeHead(200, { etag: '"a"' }).end(), 5_000).unref();
    });
    await expectUnavailable(allMethods(storageAt(url, { timeoutMs: 200 })));
  });

  it.each([500, 503, 403, 409, 507])('F-03 answers %d: every method is refused', async (status) => {
    const url = await serve((request, response) => {
      request.resume();
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end('<?xml version="1.0"?><Error><Code>SomeCode</Code><Message>pictures/secret</Message></Error>');
    });
    const limits = await expectUnavailable(allMethods(storageAt(url, patient)));
    expect(limits.length).toBeGreaterThan(0);
    for (const limit of limits) expect(limit).toMatch(new RegExp(`^status ${status}, [\\w ]+$`));
  });

  it.each([503, 409])('F-04 repeats a call once when S3 answers %d, with the whole content', async (status) => {
    const bodies: number[] = [];
    const url = await serve(async (request, response) => {
      bodies.push((await buffer(request)).length);
      if (bodies.length === 1) response.writeHead(status).end();
      else response.writeHead(200, { etag: '"a"' }).end();
    });
    await storageAt(url, patient).put('a', streamOf([content]), PICTURE);
    expect(bodies).toEqual([content.length, content.length]);
  });

  it.each([
    ['the page of a proxy', '<!doctype html><html><body>Please log in</body></html>', 'text/html'],
    ['XML that is not of S3', '<?xml version="1.0"?><Other/>', 'application/xml'],
    ['XML that is cut', '<?xml version="1.0"?><ListBucketResult><Contents><Key>a', 'application/xml'],
    ['bytes', String(randomBytes(100)), 'application/octet-stream'],
    ['nothing', '', 'application/xml'],
  ])('answers with %s: every method is refused, and nothing counts as done', async (_, body, type) => {
    const url = await serve((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': type }).end(body);
    });
    await expectUnavailable(allMethods(storageAt(url, patient)));
  });

  it('answers with something other than HTTP: every method is refused', async () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined).resume();
      socket.end(randomBytes(200));
    });
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    await expectUnavailable(allMethods(storageAt(await urlOf(server), patient)));
  });

  it('does not take a page of a proxy with status 404 for an absent object', async () => {
    const url = await serve((request, response) => {
      request.resume();
      response.writeHead(404, { 'content-type': 'text/html' }).end('<!doctype html><p>Not found</p>');
    });
    await expectUnavailable([storageAt(url, patient).get('a')]);
  });

  it('F-03 survives that an idle connection was closed: the call is repeated', async () => {
    await start();
    const proxy = await proxyOf(access);
    const storage = storageAt(`http://127.0.0.1:${proxy.port}`, patient);
    const key = `${aPrefix()}a`;
    await storage.put(key, content, PICTURE);
    await proxy.set('drop-reply');
    await storage.put(key, streamOf([content]), PICTURE);
    await proxy.set('reset-mid-reply');
    expect(await storage.head(key)).toMatchObject({ size: content.length });
  });
});

describe('a content that is being read', () => {
  const reading = async (write: (response: Parameters<RequestListener>[1]) => void, timeoutMs = PATIENT_MS) => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'image/webp', etag: '"a"', 'content-length': 1_000 });
      response.write(Buffer.alloc(500));
      write(response);
    });
    const object = await storageAt(url, { timeoutMs }).get('a');
    return object?.content as Readable;
  };

  it('F-03 fails in time when the storage stops sending', async () => {
    const stalled = await reading(() => undefined, 2_000);
    await expect(buffer(stalled)).rejects.toThrow(DependencyUnavailable);
  });

  it('F-03 fails in time when the storage sends a little at a time', async () => {
    let dripping: NodeJS.Timeout | undefined;
    const drip = await reading((response) => {
      dripping = setInterval(() => response.write(Buffer.alloc(1)), 20);
    }, 1_000);
    closing.push(() => clearInterval(dripping));
    const failed = expect(buffer(drip)).rejects.toThrow(DependencyUnavailable);
    // Five times the limit of one wait; all bytes would take 10 s.
    expect(await settlesWithin(7_500, failed)).toBe(true);
    await failed;
  });

  it('fails when the connection breaks, so that half of it is never taken for the whole', async () => {
    const broken = await reading((response) => setImmediate(() => response.destroy()));
    await expect(buffer(broken)).rejects.toThrow(DependencyUnavailable);
  });

  it('waits for a reader that is slow, and is whole', async () => {
    const limitMs = 1_000;
    const slow = await reading((response) => response.end(Buffer.alloc(500)), limitMs);
    // Longer than the storage may take.
    await new Promise((resolve) => setTimeout(resolve, limitMs * 1.5));
    expect(await buffer(slow)).toHaveLength(1_000);
  });

  it('closes its connection when it is not read', async () => {
    let closed = false;
    const unread = await reading((response) => response.on('close', () => (closed = true)));
    unread.destroy();
    await until(() => closed);
  });
});

describe('a storage whose disk is full', () => {
  itOnSmallDisk('stores nothing, answers 503, and works again when there is space', 8, async (disk) => {
    await start(disk.path);
    // Longer than a busy machine takes for a call.
    const storage = storageAt(access.endpoint as string, { timeoutMs: 10_000 });
    const kept = `${aPrefix()}kept`;
    await storage.put(kept, content, PICTURE);
    await disk.fill();
    const key = `${aPrefix()}a`;
    const refused = await storage.put(key, streamOf([content]), PICTURE).catch((error: unknown) => error);
    expect(refused).toEqual(new DependencyUnavailable('object storage'));
    expect(waitOf(refused)?.limit).toMatch(/^status 500/);
    expect((await buffer((await storage.get(kept))?.content as Readable)).equals(content)).toBe(true);
    expect(await storage.head(key)).toBeUndefined();
    expect(await readdir(join(disk.path, 'unfinished'))).toEqual([]);
    await disk.free();
    await storage.put(key, content, PICTURE);
  });
});

it('sends a checksum of what the bucket may lock, which S3 refuses without one', async () => {
  const checksums: unknown[] = [];
  const storage = storageAt(
    await serve((request, response) => {
      checksums.push(request.headers['x-amz-checksum-sha256']);
      request.resume().on('end', () => response.setHeader('etag', '"a"').end());
    }),
    patient,
  );
  for (const options of [{}, { mayBeLocked: true }, { lockedUntil: new Date() }])
    await storage.put(`${aPrefix()}a`, content, { ...PICTURE, ...options });
  const checksum = createHash('sha256').update(content).digest('base64');
  expect(checksums).toEqual([undefined, checksum, checksum]);
});

describe('settings of the shell for other programs', () => {
  it('do not change where and how the client connects', async () => {
    await start();
    const config = join(folder, 'config');
    const profile =
      'use_fips_endpoint = true\nuse_dualstack_endpoint = true\nregion = nonsense\nendpoint_url = http://127.0.0.1:9\n';
    await writeFile(config, `[default]\n${profile}[profile nonsense]\n${profile}`);
    const nonsense = {
      ...{ AWS_REGION: 'nonsense', AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' },
      ...{ AWS_USE_FIPS_ENDPOINT: 'true', AWS_USE_DUALSTACK_ENDPOINT: 'true', AWS_PROFILE: 'nonsense' },
      ...{ AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', AWS_SESSION_TOKEN: 'x', AWS_CONFIG_FILE: config },
      ...{
        AWS_REQUEST_CHECKSUM_CALCULATION: 'WHEN_SUPPORTED',
        AWS_MAX_ATTEMPTS: 'nonsense',
        AWS_RETRY_MODE: 'nonsense',
      },
      ...{
        AWS_S3_US_EAST_1_REGIONAL_ENDPOINT: 'nonsense',
        AWS_S3_USE_ARN_REGION: 'nonsense',
        AWS_DEFAULTS_MODE: 'nonsense',
      },
      ...{ AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS: 'nonsense', AWS_S3_DISABLE_EXPRESS_SESSION_AUTH: 'nonsense' },
      ...{ AWS_SIGV4A_SIGNING_REGION_SET: '*', AWS_AUTH_SCHEME_PREFERENCE: 'sigv4a', AWS_SDK_UA_APP_ID: 'nonsense' },
      ...{ http_proxy: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9' },
    };
    await withEnvironment(nonsense, async () => {
      const key = `${aPrefix()}a`;
      const storage = storageAt(access.endpoint as string, patient);
      await storage.put(key, streamOf([content]), PICTURE);
      expect((await buffer((await storage.get(key))?.content as Readable)).equals(content)).toBe(true);
      expect((await listed(storage.list(key.slice(0, -1)))).map((object) => object.key)).toEqual([key]);
      expect(await storage.deleteAll(key.slice(0, -1))).toBe(1);
    });
  });
});

const proxyOf = async ({ endpoint = '' }: S3Access): Promise<FaultProxy> => {
  const proxy = await startFaultProxy(Number(new URL(endpoint).port), 'other');
  closing.push(proxy.close);
  return proxy;
};
