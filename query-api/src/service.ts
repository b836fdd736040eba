import { AUDIT_EVENT_PROJECTION } from '@ums/contracts/audit/auditEvent';
import { USER_PROFILE_PROJECTION } from '@ums/contracts/reducers/userProfile';
import { readRecorder } from '@ums/identity/access/recordRead';
import { accessTokenVerifier } from '@ums/identity/access-token/accessTokenVerifier';
import { limitRoutes } from '@ums/identity/limits/limitRoutes';
import type { RequestLimit } from '@ums/identity/limits/requestLimit';
import { sourcePlaces } from '@ums/identity/limits/sourcePlaces';
import { userPlaces } from '@ums/identity/limits/userPlaces';
import { requestLocale } from '@ums/identity/page/requestLocale';
import { pictureUrls } from '@ums/identity/picture/pictureUrls';
import { NOTARY_TABLES, verifierKeys } from '@ums/identity/proof/notaryTables';
import { configuredMasterKeys, masterSecrets } from '@ums/identity/vault/masterKeySettings';
import { openVaultReader } from '@ums/identity/vault/openVaultReader';
import { refuseUntilReconciled } from '@ums/identity/vault/refuseUntilReconciled';
import { type SettledVault, settledVault } from '@ums/identity/vault/settledVault';
import { vaultDataKeys } from '@ums/identity/vault/vaultDataKeys';
import { type Clock, systemClock } from '@ums/kit/clock';
import { closers } from '@ums/kit/closers';
import { connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { guardedEventLog } from '@ums/kit/event-log/guardedEventLog';
import type { BrowserPages } from '@ums/kit/http/problem/browserPages';
import type { Log } from '@ums/kit/log';
import { objectLinks } from '@ums/kit/object-storage/objectLinkSettings';
import { awaitTables } from '@ums/kit/postgres/awaitTables';
import { exposePool } from '@ums/kit/postgres/exposePool';
import { guardedQuery, type Query } from '@ums/kit/postgres/guardedQuery';
import { createPool } from '@ums/kit/postgres/pool';
import { slots } from '@ums/kit/queue/slots';
import { streamSlots } from '@ums/kit/queue/streamSlots';
import { type Readiness, type RunningService, readinessOf, upIf, upIfResolves, upOrBehind } from '@ums/kit/readiness';
import { guardedDataKeys } from '@ums/kit/sealing/guardedDataKeys';
import { Router } from 'express';
import { AUDIT_SPAN_TABLE, AUDIT_TABLE } from './audit/auditStatement.js';
import { feedPool } from './audit/feedPool.js';
import { followRevocations, type Revocations } from './authorization/followRevocations.js';
import { type JwksSource, jwksSource } from './authorization/jwksSource.js';
import type { QueryApiConfig } from './config.js';
import { checkpointWatch } from './consistency/checkpointWatch.js';
import { COUNT_TABLE, TERM_TABLE } from './directory/directoryTables.js';
import { receiptPages } from './erasure/receiptPages.js';
import { RegisterRoutes } from './generated/routes.js';
import { minuteLimit } from './limits/minuteLimit.js';
import { PUBLIC_ROUTES } from './limits/publicRoutes.js';
import { PROFILE_TABLE } from './profile/profileRow.js';
import { proofSlots } from './proof/inProofSlot.js';
import { keptAnswer } from './proof/keptAnswer.js';
import type { QueryDeps } from './queryDeps.js';
import { bindDeps } from './requestDeps.js';

const READ_TABLES = [PROFILE_TABLE, TERM_TABLE, COUNT_TABLE, AUDIT_TABLE, AUDIT_SPAN_TABLE, 'read.checkpoint'];

/** Streams of events that the process sends at a time. Each reads page after page as fast as its client takes them. */
const MAX_STREAMS = 2;

/** Reads of receipts at a time. Fewer than the connections to the vault, which the other reads need too. */
const MAX_RECEIPTS = 2;

/** The keys of the notary change when it is started with another one, and then the former one is still good. */
const KEYS_KEPT_MS = 1_000;

/** The running service; its router is mounted by a host. */
export type RunningQueryApi = RunningService & {
  router: Router;
  /** The public keys of the notary, as C2SP verifier keys. @throws DependencyUnavailable */
  notaryKeys(): Promise<string>;
  /** What browsers are told about problems. */
  browserPages: BrowserPages;
};

/**
 * Starts the read side of the API: HTTP to SQL, and to the event log for audits. Ready when the list of revocations is
 * current, the keys of access tokens are loaded, the read model answers, and the vault is settled up to the head that the log had
 * at the start. From then on all but audits is served without the event log, too.
 *
 * @throws StartRefused when a database cannot be used.
 */
export const startQueryApi = async (
  config: QueryApiConfig,
  { log, clock = systemClock }: { log: Log; clock?: Clock },
): Promise<RunningQueryApi> => {
  const { onClose, close } = closers();
  try {
    const readPool = createPool({ url: config.DATABASE_URL, applicationName: 'query-api', log });
    onClose(() => readPool.end());
    exposePool(readPool, 'query-api');
    const feed = feedPool(config.DATABASE_URL, log);
    onClose(() => feed.end());
    exposePool(feed, 'query-api-feed');
    const vaultPool = await openVaultReader({
      ...{ url: config.VAULT_DATABASE_URL, applicationName: 'query-api', max: 4, log },
      tables: ['revocation', 'data_key', 'secret_check', 'erasure_receipt', 'receipt_statement', 'checkpoint'],
      secrets: { MASTER_KEY: masterSecrets(config) },
    });
    onClose(() => vaultPool.end());
    exposePool(vaultPool, 'query-api-vault');
    const eventLog = connectEventLog({ url: config.EVENTSTORE_URL, log });
    onClose(() => eventLog.close());
    const settled = settledVault(vaultPool, eventLog);
    // Asked now: the head of the log at the start is what the vault has to be settled to.
    await upOrBehind(settled.ready());
    await awaitTables(readPool, READ_TABLES, { owner: 'projector' });
    await awaitTables(readPool, NOTARY_TABLES, { owner: 'notary' });
    const read = guardedQuery('read model', readPool);
    const vault = guardedQuery('vault', vaultPool);
    const stopping = new AbortController();
    const revocations = followRevocations({ vault, log, signal: stopping.signal });
    onClose(async () => {
      stopping.abort();
      await revocations.done;
    });
    const keys = jwksSource({ from: config.ACCESS_TOKEN_JWKS, log });
    const verifier = accessTokenVerifier({
      jwks: keys.keys,
      issuer: config.ACCESS_TOKEN_ISSUER,
      audience: config.ACCESS_TOKEN_AUDIENCE,
      clock,
    });
    const watch = checkpointWatch(read, USER_PROFILE_PROJECTION);
    const guardedLog = guardedEventLog(eventLog);
    const master = configuredMasterKeys(config);
    const dataKeys = guardedDataKeys(vaultDataKeys({ pool: vaultPool, masterKeys: master, clock }));
    const recorder = readRecorder({ eventLog: guardedLog, keys: dataKeys, masterKeys: master, clock, log });
    onClose(() => recorder.close());
    const counted = { vault, clock, masterKey: config.MASTER_KEY };
    const requestLimit = minuteLimit({ ...counted, perMinute: config.LIMIT_REQUESTS_PER_SOURCE });
    const auditLimit = minuteLimit({ ...counted, perMinute: config.LIMIT_READS_PER_AUDITOR });
    const pages = receiptPages(config.APP_NAME);
    const router = routerOf(
      {
        read,
        vault,
        watch,
        verifier,
        places: userPlaces(),
        revocations,
        pictureUrls: pictureUrls(objectLinks(config), log),
        eventLog: guardedLog,
        keys: dataKeys,
        clock,
        log,
        recordRead: recorder.recordRead,
        auditLimit,
        readFeed: guardedQuery('read model', feed),
        auditWatch: checkpointWatch(read, AUDIT_EVENT_PROJECTION),
        auditStreams: streamSlots('streams of events', MAX_STREAMS),
        proofSlots: proofSlots(),
        backupDays: config.BACKUP_DAYS,
        receiptSlots: slots({ limit: MAX_RECEIPTS, work: 'reads of receipts', retryAfterSeconds: 1 }),
        receiptPages: pages,
      },
      requestLimit,
      settled,
    );
    return {
      router,
      browserPages: { '/erasures/{receipt}': (problem, request) => pages.failed(problem, requestLocale(request)) },
      notaryKeys: keptAnswer(() => verifierKeys(read), KEYS_KEPT_MS),
      readiness: () => queryReadiness(read, { revocations, keys, settled }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

const routerOf = (deps: QueryDeps, requestLimit: RequestLimit, settled: SettledVault): Router => {
  const router = Router();
  router.use(refuseUntilReconciled(settled));
  router.use(bindDeps(deps), (request, _response, next) => {
    // The ETag is a revision for If-Match. Without this, Express would answer 304 while the revision is the same, even if
    // the body has changed.
    delete request.headers['if-none-match'];
    next();
  });
  router.use(limitRoutes({ requestLimit, sourcePlaces: sourcePlaces() }, PUBLIC_ROUTES));
  RegisterRoutes(router);
  return router;
};

interface Ready {
  revocations: Revocations;
  keys: JwksSource;
  settled: SettledVault;
}

const queryReadiness = async (read: Query, { revocations, keys, settled }: Ready): Promise<Readiness> => {
  const [postgres, vault, reconciler] = await Promise.all([
    upIfResolves(read({ name: 'ping', text: 'select 1', values: [] })),
    revocations.ready(),
    upOrBehind(settled.ready()),
    keys.load().catch(() => undefined),
  ]);
  return readinessOf({ postgres, vault: upIf(vault), jwks: upIf(keys.loaded()), reconciler });
};
