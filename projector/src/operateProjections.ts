import { configuredMasterKeys, masterSecrets } from '@ums/identity/vault/masterKeySettings';
import { openVaultReader } from '@ums/identity/vault/openVaultReader';
import { vaultDataKeys } from '@ums/identity/vault/vaultDataKeys';
import { systemClock } from '@ums/kit/clock';
import { closers } from '@ums/kit/closers';
import { Superseded } from '@ums/kit/event-log/checkpointStore';
import { connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import type { Log } from '@ums/kit/log';
import { codeOf, downReason, isDown } from '@ums/kit/postgres/errors';
import { createPool } from '@ums/kit/postgres/pool';
import { isOperatorError, StartRefused } from '@ums/kit/startRefused';
import type { ProjectionsConfig } from './config.js';
import type { Copy } from './projection/copies.js';
import { ProjectionStopped } from './projection/parked.js';
import type { Projection } from './projection/projection.js';
import { PROJECTIONS } from './projections.js';
import { onlyOneCommand } from './rebuild/onlyOneCommand.js';
import { OPERATIONS } from './rebuild/operations.js';
import type { RebuildProgress } from './rebuild/rebuild.js';

/** What an operator does to projections. `name` is one of {@link PROJECTIONS}; without it, the order is for all of them. */
export type ProjectionsOrder =
  | { command: 'list'; name?: undefined }
  | { command: 'retry-parked'; name?: string | undefined }
  | { command: 'rebuild'; name: string; fromOld: boolean }
  | { command: 'switch'; name: string }
  | { command: 'drop'; name: string; copy?: Copy | undefined };

/** A rebuild may read a table of any size in one statement. */
const STATEMENT_TIMEOUT_MS = 3_600_000;

/**
 * Carries out an order while the projector runs.
 *
 * @returns the text to print.
 * @throws StartRefused with one sentence.
 */
export const operateProjections = async (
  order: ProjectionsOrder,
  config: ProjectionsConfig,
  { log, onProgress }: { log: Log; onProgress: (progress: RebuildProgress) => void },
): Promise<string> => {
  const projections = chosen(order.name);
  const { onClose, close } = closers();
  const { DATABASE_URL: url } = config;
  const settings = { applicationName: 'projections', log };
  try {
    const pool = createPool({ url, ...settings, max: 2, statementTimeoutMs: STATEMENT_TIMEOUT_MS });
    onClose(() => pool.end());
    if (order.name !== undefined) onClose(await onlyOneCommand(url, order.name));
    const eventLog = connectEventLog({ url: config.EVENTSTORE_URL, log });
    onClose(() => eventLog.close());
    const vault = await openVaultReader({
      ...{ url: config.VAULT_DATABASE_URL, ...settings, max: 1 },
      ...{ tables: ['data_key', 'secret_check', 'log_identity'], secrets: { MASTER_KEY: masterSecrets(config) } },
      logId: await logIdentity(eventLog),
    });
    onClose(() => vault.end());
    const keys = vaultDataKeys({ pool: vault, masterKeys: configuredMasterKeys(config), clock: systemClock });
    const shared = { pool, eventLog, keys, onProgress };
    return await OPERATIONS[order.command](
      projections.map((projection) => ({ ...shared, projection })),
      order,
    );
  } catch (error) {
    if (isOperatorError(error)) throw error;
    throw new StartRefused(`The command failed (${reasonOf(error)}).`, { cause: error });
  } finally {
    await close();
  }
};

const chosen = (name: string | undefined): readonly Projection[] => {
  const found = PROJECTIONS.filter((projection) => name === undefined || projection.name === name);
  if (found.length > 0) return found;
  throw new StartRefused(`There is no projection ${name}, only ${PROJECTIONS.map((one) => one.name).join(' and ')}.`);
};

/** Other messages may quote data. */
const reasonOf = (error: unknown): string => {
  if (error instanceof LogUnavailable || error instanceof ProjectionStopped || error instanceof Superseded)
    return error.message;
  if (isDown(error)) return `Postgres: ${downReason(error)}`;
  if (codeOf(error) !== undefined) return `Postgres: SQLSTATE ${codeOf(error)}`;
  return error instanceof Error ? error.name : 'unknown error';
};
