import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatConsistencyToken } from '@ums/contracts/consistencyToken';
import { searchTerms } from '@ums/contracts/directory/searchTerms';
import { standingOf } from '@ums/contracts/directory/standing';
import type { Locale } from '@ums/contracts/locale';
import { type MailBlock, type ProfilePicture, USER_PROFILE_PROJECTION } from '@ums/contracts/reducers/userProfile';
import type { Role } from '@ums/contracts/roles';
import { accessTokenSigner } from '@ums/identity/access-token/accessTokenSigner';
import { type Clock, systemClock } from '@ums/kit/clock';
import { createHost } from '@ums/kit/http/host';
import { listen } from '@ums/kit/http/listen';
import { silentLog } from '@ums/kit/log';
import type { ObjectLinkSettings } from '@ums/kit/object-storage/objectLinkSettings';
import { migrate } from '@ums/kit/postgres/migrate';
import { hostOptions } from '@ums/query-api/hostOptions';
import { startQueryApi } from '@ums/query-api/service';
import { testDatabase } from '../../infra/embedded/test/postgres.js';
import { startFaultProxy } from '../../infra/kit/test/faultProxy.js';
import { startLogServer } from '../../infra/kit/test/logServer.js';
import { patientPool } from '../../infra/kit/test/patientPool.js';

const root = join(import.meta.dirname, '..', '..');
const ISSUER = 'https://id.example.org';
export const MASTER_KEY = Buffer.alloc(32, 'a master key of the tests');

/** Links are signed without asking the storage. */
const NO_STORAGE: ObjectLinkSettings = {
  ...{ S3_ENDPOINT: 'http://127.0.0.1:1', S3_PUBLIC_ENDPOINT: undefined, PICTURES_URL: undefined },
  ...{ S3_REGION: 'us-east-1', S3_BUCKET: 'user-files' },
  ...{ S3_ACCESS_KEY_ID: 'id', S3_SECRET_ACCESS_KEY: 'a secret access key' },
};

export interface StoredUser {
  id: string;
  name?: string;
  email?: string;
  status?: 'active' | 'suspended';
  roles?: readonly Role[];
  locale?: Locale;
  registeredAt?: Date;
  picture?: ProfilePicture;
  mailBlock?: MailBlock;
}

/** The query API with its HTTP host, on a read model and a vault that the test fills. */
export const createWorld = async (
  settings: Partial<ObjectLinkSettings> & {
    LIMIT_REQUESTS_PER_SOURCE?: number;
    LIMIT_READS_PER_AUDITOR?: number;
    TRUSTED_PROXIES?: string[];
    CORS_ORIGINS?: string[];
  } = {},
  clock: Clock = systemClock,
) => {
  const [readDb, vaultDb, logServer, folder] = await Promise.all([
    testDatabase('read'),
    testDatabase('vault'),
    startLogServer(),
    mkdtemp(join(tmpdir(), 'ums-query-')),
  ]);
  await migrate({ url: readDb.url, dir: join(root, 'projector/migrations'), schema: 'read', log: silentLog });
  await migrate({ url: readDb.url, dir: join(root, 'notary/migrations'), schema: 'notary', log: silentLog });
  await migrate({ url: vaultDb.url, dir: join(root, 'command-api/migrations'), log: silentLog });
  const read = patientPool(readDb.url, 2);
  const vault = patientPool(vaultDb.url, 2);
  const logId = randomUUID();
  const addCheckpoint = () =>
    read.query('insert into read.checkpoint (name, position, log_id) values ($1, 0, $2)', [
      USER_PROFILE_PROJECTION,
      logId,
    ]);
  await addCheckpoint();

  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signer = accessTokenSigner({
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    issuer: ISSUER,
    audience: ISSUER,
    ttlSeconds: 600,
    clock,
  });
  const jwks = join(folder, 'jwks.json');
  await writeFile(jwks, JSON.stringify(signer.jwks));

  const postgres = Number(new URL(readDb.url).port);
  const [readProxy, vaultProxy, logProxy] = await Promise.all([
    startFaultProxy(postgres, 'other'),
    startFaultProxy(postgres, 'other'),
    startFaultProxy(logServer.port),
  ]);
  const config = {
    EVENTSTORE_URL: `esdb://127.0.0.1:${logProxy.port}?tls=false`,
    MASTER_KEY,
    MASTER_KEY_PREVIOUS: undefined,
    DATABASE_URL: throughProxy(readProxy, readDb.url),
    VAULT_DATABASE_URL: throughProxy(vaultProxy, vaultDb.url),
    ACCESS_TOKEN_JWKS: jwks,
    ACCESS_TOKEN_ISSUER: ISSUER,
    ACCESS_TOKEN_AUDIENCE: ISSUER,
    HOST: '127.0.0.1',
    PORT: 0,
    PUBLIC_URL: ISSUER,
    CORS_ORIGINS: [],
    TRUSTED_PROXIES: [],
    KEEP_ALIVE_SECONDS: 75,
    BACKUP_DAYS: 30,
    APP_NAME: 'Example',
    LIMIT_REQUESTS_PER_SOURCE: 1_000,
    LIMIT_READS_PER_AUDITOR: 100_000,
    ...{ ...NO_STORAGE, ...settings },
  };
  const service = await startQueryApi(config, { log: silentLog, clock });
  const host = createHost({ ...hostOptions(config, service, silentLog), eventLoopDelayMs: () => 0 });
  const server = await listen(host, { host: '127.0.0.1', port: 0 });
  const base = `http://127.0.0.1:${server.port}`;

  return {
    base,
    config,
    read,
    vault,
    logId,
    addCheckpoint,
    service,
    /** URL of the event log, without the proxy. */
    eventLogUrl: logServer.url,
    /** Proxies between the service and its databases, and the event log. */
    readProxy,
    vaultProxy,
    logProxy,
    token: (sub: string, { roles = ['user'], epoch = 0n, sid = randomUUID() }: Partial<TokenOptions> = {}): string =>
      signer.sign({ sub, sid, roles, epoch }),
    get: (path: string, token?: string, headers: Record<string, string> = {}) =>
      fetch(`${base}/api/v1${path}`, {
        headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
      }),
    addUser: async ({ id, name = 'Ada', status = 'active', roles = ['user'], ...user }: StoredUser): Promise<void> => {
      const { email = `${id}@example.org`, locale = 'en', registeredAt = new Date(), picture, mailBlock } = user;
      const [terms, standing] = [searchTerms({ name, email }), standingOf({ status, roles: [...roles] })];
      await read.query(
        `insert into read.user_profile_v1
           (user_id, email, name, status, roles, registered_at, revision, position, terms, standing,
            picture_id, picture_status, picture_reason, ready_picture_id, locale,
            mail_block, mail_blocked_at)
         values ($1, $2, $3, $4, $5, $6, 3, 700, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
        [
          ...[id, email, name, status, roles, registeredAt, terms, standing],
          ...[picture?.pictureId, picture?.status, picture?.reason, picture?.readyId, locale],
          ...[mailBlock?.kind, mailBlock?.since],
        ],
      );
    },
    parkUser: (id: string) =>
      read.query(`insert into read.parked (projection, key, position, reason) values ($1, $2, 5, 'seal-broken')`, [
        USER_PROFILE_PROJECTION,
        id,
      ]),
    moveCheckpoint: (position: bigint) => read.query('update read.checkpoint set position = $1', [String(position)]),
    consistencyToken: (position: bigint, ofLog = logId) => formatConsistencyToken({ logId: ofLog, position }),
    addSessionRevocation: (userId: string, sessionId: string) =>
      vault.query('insert into revocation (user_id, session_id) values ($1, $2)', [userId, sessionId]),
    addRevocationBefore: (userId: string, epoch: bigint) =>
      vault.query('insert into revocation (user_id, epoch) values ($1, $2)', [userId, String(epoch)]),
    close: async (): Promise<void> => {
      await server.close();
      await service.close();
      await Promise.all([readProxy.close(), vaultProxy.close(), logProxy.close()]);
      await Promise.all([read.end(), vault.end()]);
      await Promise.all([readDb.drop(), vaultDb.drop(), logServer.close(), rm(folder, { recursive: true })]);
    },
  };
};

const throughProxy = ({ port }: { port: number }, url: string): string => {
  const proxied = new URL(url);
  proxied.port = String(port);
  return proxied.href;
};

export interface TokenOptions {
  roles: readonly Role[];
  epoch: bigint;
  sid: string;
}

export type World = Awaited<ReturnType<typeof createWorld>>;
