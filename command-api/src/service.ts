import { readRecorder } from '@ums/identity/access/recordRead';
import type { JwkSet } from '@ums/identity/access-token/jwkSet';
import { authenticate } from '@ums/identity/authenticate';
import { refuseUntilReconciled } from '@ums/identity/vault/refuseUntilReconciled';
import { type Clock, systemClock } from '@ums/kit/clock';
import { closers } from '@ums/kit/closers';
import { connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { guardedEventLog } from '@ums/kit/event-log/guardedEventLog';
import type { BrowserPages } from '@ums/kit/http/problem/browserPages';
import type { Problems } from '@ums/kit/http/problem/problems';
import { contextOf } from '@ums/kit/http/request/requestContext';
import type { Log } from '@ums/kit/log';
import { exposePool } from '@ums/kit/postgres/exposePool';
import { guardedQuery } from '@ums/kit/postgres/guardedQuery';
import { createPool } from '@ums/kit/postgres/pool';
import type { RunningService } from '@ums/kit/readiness';
import { Router } from 'express';
import type { ApiDeps } from './apiDeps.js';
import { composeDeps, createAccessTokens } from './composeDeps.js';
import { type CommandApiConfig, serviceSecrets } from './config.js';
import { RegisterRoutes } from './generated/routes.js';
import { limitRequests } from './limits/limitRequests.js';
import { createFetchText, type FetchText } from './mail-feedback/fetchText.js';
import { confirmForm, confirmProblemPage } from './mailed-link/confirmForm.js';
import { openVault } from './openVault.js';
import { receivePicture } from './picture/receivePicture.js';
import { COMMAND_PROBLEMS } from './problems.js';
import { CHANGE_ROUTE } from './profile/changeLimit.js';
import { commandReadiness } from './readiness.js';
import { type Reconciler, startReconciler } from './reconciler/reconciler.js';
import { bindDeps } from './requestDeps.js';

/** The write side, without a process or an HTTP host. */
export interface RunningCommandApi extends RunningService {
  router: Router;
  /** Public keys that verify its access tokens. */
  jwks(): JwkSet;
  /** Status and title of its refusals, for the host. */
  problems: Problems;
  /** Pages of its problems, for the host. */
  browserPages: BrowserPages;
}

const RECONCILER_CONNECTIONS = 4;
/** Exports read with one statement at a time each. */
const EXPORT_CONNECTIONS = 2;
/** Connecting and one statement together take at most 2.5 s, after which a request gets 503 (F-03). */
export const REQUEST_TIMEOUTS = { connectTimeoutMs: 1_000, statementTimeoutMs: 1_500 };

/** How long a request waits for the databases and for the event log. @default for the log: those of {@link connectEventLog} */
export type RequestTimeouts = typeof REQUEST_TIMEOUTS &
  Pick<Parameters<typeof connectEventLog>[0], 'appendDeadlineMs' | 'readSilenceMs'>;

export interface CommandApiOptions {
  log: Log;
  clock?: Clock;
  /** For tests that are not about outages: on a slow machine they would get 503. @default REQUEST_TIMEOUTS */
  requestTimeouts?: RequestTimeouts;
  /** Replaces requests to SNS. Only tests set it: no setting leads to another host. */
  fetchFromSns?: FetchText;
}

/**
 * Starts the commands and the reconciler. They use the event log and the vault, and no read model;
 * exports read the tables of the notary and the records of mails.
 *
 * @throws StartRefused if vault, log and secrets do not belong together; LogUnavailable.
 */
export const startCommandApi = async (
  config: CommandApiConfig,
  { log, clock = systemClock, requestTimeouts = REQUEST_TIMEOUTS, fetchFromSns = createFetchText() }: CommandApiOptions,
): Promise<RunningCommandApi> => {
  const { onClose, close } = closers();
  try {
    const { connectTimeoutMs, statementTimeoutMs, ...logTimeouts } = requestTimeouts;
    const databaseTimeouts = { connectTimeoutMs, statementTimeoutMs };
    const eventLog = connectEventLog({ url: config.EVENTSTORE_URL, ...logTimeouts, log });
    onClose(eventLog.close);
    const url = config.VAULT_DATABASE_URL;
    const accessTokens = createAccessTokens(config, clock);
    const secrets = serviceSecrets(config, accessTokens.jwks);
    const reconcilerPool = { applicationName: 'reconciler', maxConnections: RECONCILER_CONNECTIONS };
    const opened = await openVault({ url, eventLog, log, secrets, ...reconcilerPool });
    onClose(() => opened.pool.end());
    exposePool(opened.pool, 'reconciler');
    const { logId } = opened;
    const vault = createPool({ url, applicationName: 'command-api', ...databaseTimeouts, log });
    onClose(() => vault.end());
    exposePool(vault, 'command-api');
    const users = createPool({
      ...{ url: config.DATABASE_URL, applicationName: 'command-api-export', max: EXPORT_CONNECTIONS, log },
      ...databaseTimeouts,
    });
    onClose(() => users.end());
    exposePool(users, 'command-api-export');
    const deps = composeDeps(config, {
      ...{ vault, eventLog: guardedEventLog(eventLog), logId, log, clock, accessTokens },
      fetchText: fetchFromSns,
    });
    onClose(async () => deps.objects.close());
    const recorder = readRecorder(deps);
    onClose(() => recorder.close());
    // The reconciler may wait longer than a request: it gets the pool and the event log without request time-outs.
    const reconciler = await startReconciler(
      { ...deps, vault: opened.pool, eventLog },
      { url, signInHistoryDays: config.SIGN_IN_HISTORY_DAYS },
    );
    onClose(reconciler.close);
    return {
      router: routerOf(
        { ...deps, recordRead: recorder.recordRead, readUsers: guardedQuery('users', users) },
        reconciler,
      ),
      jwks: () => deps.accessTokens.jwks,
      problems: COMMAND_PROBLEMS,
      browserPages: { '/auth/confirm': confirmProblemPage(deps.confirmPages) },
      readiness: () => commandReadiness({ eventLog, vault, reconciler }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

/** The routes of this service. The host mounts them below `API_PREFIX`. */
const routerOf = (deps: ApiDeps, reconciler: Reconciler): Router => {
  const router = Router();
  router.use(refuseUntilReconciled(reconciler));
  router.use(bindDeps(deps));
  router.post('/auth/confirm', confirmForm(deps));
  router.use(limitRequests(deps));
  const { log, uploads, changeLimit, verifier } = deps;
  router.post(
    '/auth/register',
    receivePicture(log, uploads.anonymous, (request) => contextOf(request).source.bucket),
  );
  router.put(
    '/user',
    receivePicture(log, uploads.users, async (request) => {
      // Without a place: slow uploads would keep them from the user's other requests, and have slots of their own.
      const { userId } = await authenticate(request, [], { verifier });
      // Also a form that asks for a new address, which counts apart: it is not read yet. As JSON, the address needs no upload.
      // A form with a key may repeat the last change of the day, which gets the answer of the first; it is counted once it is read.
      if (request.get('Idempotency-Key') === undefined) changeLimit.refuseExcess(CHANGE_ROUTE, userId);
      return userId;
    }),
  );
  RegisterRoutes(router);
  return router;
};
