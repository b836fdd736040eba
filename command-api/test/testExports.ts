import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import { join } from 'node:path';
import { uploadKey } from '@ums/contracts/pictureKeys';
import { API_PREFIX } from '@ums/contracts/routes';
import { closers } from '@ums/kit/closers';
import { silentLog } from '@ums/kit/log';
import { openS3Storage } from '@ums/kit/object-storage/s3Storage';
import { migrate } from '@ums/kit/postgres/migrate';
import { createPool } from '@ums/kit/postgres/pool';
import { strFromU8, unzipSync } from 'fflate';
import type pg from 'pg';
import { testObjectStorage } from '../../infra/embedded/test/objectStorage.js';
import { testDatabase } from '../../infra/embedded/test/postgres.js';
import { signTree } from '../../infra/identity/test/signedTree.js';
import { type FaultProxy, startFaultProxy } from '../../infra/kit/test/faultProxy.js';
import { stoppedClock } from '../../infra/kit/test/testClock.js';
import { type TestApi, testApi } from './testApi.js';
import { PATIENT_POOL } from './testVault.js';

const ROOT = join(import.meta.dirname, '..', '..');

export interface ExportAnswer {
  status: number;
  headers: Headers;
  /** The last part of the type of a problem. */
  slug: string | undefined;
  /** Contents of the files of an archive, by name. */
  files: Readonly<Record<string, string>>;
  /** All bytes of all files, as text. */
  all: string;
}

export interface TestExports {
  api: TestApi;
  /** The database that has the tables of the notary and the notifier. */
  users: pg.Pool;
  usersProxy: FaultProxy;
  s3Proxy: FaultProxy;
  /** Signs a checkpoint that covers every event until now. */
  sign(): Promise<unknown>;
  ask(path: string, token: string, body: object, headers?: Record<string, string>): Promise<ExportAnswer>;
  /** Sends a request whose answer is not read. */
  open(path: string, token: string, body: object): Promise<IncomingMessage>;
  /** Stores uploads of a user that no buffer of a connection holds. */
  addLargeUploads(userId: string): Promise<void>;
  close(): Promise<void>;
}

/** command-api with all that exports are read from. */
export const testExports = async (environment: Record<string, string> = {}): Promise<TestExports> => {
  const { onClose, close } = closers();
  const database = await testDatabase('users');
  onClose(database.drop);
  for (const [dir, schema] of [
    ['notifier/migrations', 'notifier'],
    ['notary/migrations', 'notary'],
  ] as const)
    await migrate({ url: database.url, dir: join(ROOT, dir), schema, log: silentLog });
  const users = createPool({ url: database.url, applicationName: 'test', max: 2, ...PATIENT_POOL, log: silentLog });
  onClose(() => users.end());
  const usersProxy = await startFaultProxy(Number(new URL(database.url).port), 'other');
  onClose(usersProxy.close);
  const s3 = await testObjectStorage();
  onClose(s3.close);
  const s3Proxy = await startFaultProxy(Number(new URL(s3.access.endpoint as string).port), 'other');
  onClose(s3Proxy.close);
  const through = Object.assign(new URL(database.url), { port: String(usersProxy.port) });
  // As the role has it, whose rights are part of what is tested.
  through.searchParams.set('options', '-c role=command');
  const settings = {
    ...s3.settings(s3Proxy.port),
    ...{ DATABASE_URL: through.href, LIMIT_MAILS_PER_SOURCE: '1000', LIMIT_FAILURES_PER_SOURCE: '1000' },
    ...environment,
  };
  // The day in which exports are counted does not end.
  const api = await testApi(settings, { clock: stoppedClock() });
  onClose(api.close);
  const target = new URL(api.base);

  return {
    ...{ api, users, usersProxy, s3Proxy, close },
    sign: () => signTree({ read: users, eventLogUrl: api.config.EVENTSTORE_URL }),
    ask: async (path, token, body, headers = {}) => {
      const response = await fetch(`${api.base}${API_PREFIX}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
        body: JSON.stringify(body),
      });
      const bytes = new Uint8Array(await response.arrayBuffer());
      const isZip = response.headers.get('content-type') === 'application/zip';
      const files = isZip
        ? Object.fromEntries(Object.entries(unzipSync(bytes)).map(([name, file]) => [name, strFromU8(file)]))
        : {};
      const slug = isZip ? undefined : (JSON.parse(strFromU8(bytes)) as { type: string }).type.split('/').at(-1);
      return { status: response.status, headers: response.headers, slug, files, all: Object.values(files).join('\n') };
    },
    open: (path, token, body) =>
      new Promise((resolve, reject) => {
        const sent = request({
          ...{ host: target.hostname, port: target.port, path: `${API_PREFIX}${path}`, method: 'POST', agent: false },
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        });
        sent.on('response', resolve).on('error', reject).end(JSON.stringify(body));
      }),
    addLargeUploads: async (userId) => {
      const storage = openS3Storage(s3.access, { timeoutMs: 10_000 });
      for (let count = 0; count < 5; count += 1)
        await storage.put(
          uploadKey(userId, { pictureId: randomUUID(), registrationId: null }),
          randomBytes(5_000_000),
          {
            ...{ contentType: 'application/octet-stream', maxBytes: 5_000_000 },
          },
        );
      storage.close();
    },
  };
};
