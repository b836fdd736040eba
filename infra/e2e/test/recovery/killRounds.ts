import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../../kit/test/until.js';
import { lastingDifferences } from '../../src/oracle/findDifferences.js';
import { startWholeService, type WholeService } from '../startWholeService.js';
import { actUntil } from './actUntil.js';
import { type InboxHistory, newInboxHistory, recordInbox } from './inboxHistory.js';
import { duplicateMails, expireLeasesOfKilled, unsentMails } from './mailRecords.js';
import { seededRandom } from './seededRandom.js';
import { newSimulatedUser, type SimulatedUser } from './simulatedUser.js';
import { violatedGuarantees } from './violatedGuarantees.js';

export interface KillRounds {
  dataDir: string;
  rounds: number;
  /** Determines the actions of the users and the time of each kill. */
  seed: number;
  /** Users who act in parallel. @default 8 */
  parallelUsers?: number;
}

export interface KillReport {
  seed: number;
  /** Rounds completed. */
  rounds: number;
  /** Requests answered with 2xx under load, over all rounds. */
  acknowledged: number;
  /** Differences between log, vault and read model, violated guarantees, duplicate and unsent mails. */
  failures: string[];
}

const SHORTEST_MS = 300;
const LONGEST_MS = 2_500;
/** Without them there would be nothing to lose in a round. */
const LEAST_ACKNOWLEDGED = 2;

/**
 * Repeatedly kills the whole service under load at a random moment, once it has acknowledged something, and starts it again on
 * the same folder. After each start it checks that log, vault and read model agree, that nothing acknowledged is lost, and that
 * no mail was sent twice except where the mailer's answer was lost. Stops after the first round with a failure.
 */
export const killRounds = async (options: KillRounds): Promise<KillReport> => {
  const { dataDir, rounds, seed, parallelUsers = 8 } = options;
  const random = seededRandom(seed);
  const history = newInboxHistory();
  const report: KillReport = { seed, rounds: 0, acknowledged: 0, failures: [] };
  let service = await startWholeService(dataDir);
  try {
    while (report.rounds < rounds && report.failures.length === 0) {
      const users = Array.from({ length: parallelUsers }, (_, n) =>
        newSimulatedUser(`user-${seed}-${report.rounds}-${n}`),
      );
      const killAfterMs = SHORTEST_MS + random() * (LONGEST_MS - SHORTEST_MS);
      report.acknowledged += await killUnderLoad(service, users, { history, random, killAfterMs });
      report.rounds += 1;
      service = await startWholeService(dataDir);
      await expireLeasesOfKilled(service.postgres);
      report.failures.push(...(await failuresAfterRestart(service, users, history)));
    }
    return report;
  } finally {
    const code = await service.process.end('SIGTERM');
    if (code !== 0) report.failures.push(`the service ended with exit code ${code}`);
  }
};

interface Load {
  history: InboxHistory;
  random: () => number;
  killAfterMs: number;
}

/** @returns how many requests were answered with 2xx before the kill */
const killUnderLoad = async (service: WholeService, users: SimulatedUser[], load: Load) => {
  const { api, process } = service;
  const killed = new AbortController();
  const recording = recordInbox(load.history, service, killed.signal);
  let acknowledged = 0;
  const context = { api, tokens: load.history.tokens, random: load.random };
  const count = (status: number): void => {
    if (status >= 200 && status < 300) acknowledged += 1;
  };
  const actions = users.map((user) => actUntil(() => killed.signal.aborted, user, context, count));
  await sleep(load.killAfterMs);
  await until(() => acknowledged >= LEAST_ACKNOWLEDGED);
  await process.end('SIGKILL');
  killed.abort();
  await Promise.all([...actions, recording]);
  return acknowledged;
};

const failuresAfterRestart = async (
  service: WholeService,
  users: readonly SimulatedUser[],
  history: InboxHistory,
): Promise<string[]> => {
  const done = new AbortController();
  const recording = recordInbox(history, service, done.signal);
  const differences = await lastingDifferences(service.sources);
  const violations = await Promise.all(users.map((user) => violatedGuarantees(user, service.api)));
  const unsent = await untilEmpty(() => unsentMails(service.postgres));
  done.abort();
  await recording;
  return [...differences, ...violations.flat(), ...unsent, ...(await duplicateMails(service.postgres, history))];
};

const LONGEST_WAIT_MS = 60_000;

/** Repeats a query until its result is empty. @returns the last result when the time is over */
const untilEmpty = async (query: () => Promise<string[]>): Promise<string[]> => {
  for (const end = performance.now() + LONGEST_WAIT_MS; ; await sleep(100)) {
    const found = await query();
    if (found.length === 0 || performance.now() > end) return found;
  }
};
