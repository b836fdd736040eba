import { setTimeout as sleep } from 'node:timers/promises';
import { settledDifferences } from '../../src/oracle/askOracle.js';
import { type WholeService, wholeService } from '../wholeService.js';
import { act } from './act.js';
import { brokenPromises } from './brokenPromises.js';
import { type Citizen, newCitizen } from './citizen.js';
import { endDeadLeases, mailsOwed, mailsTwice } from './mailsTwice.js';
import { type MailWatch, mailWatch, watchInbox } from './mailWatch.js';
import { seededRandom } from './seededRandom.js';

export interface KillRounds {
  dataDir: string;
  rounds: number;
  /** Decides who does what when, and when the process dies. */
  seed: number;
  /** People who act at once. */
  atOnce?: number;
}

export interface KillReport {
  seed: number;
  /** Kills survived. */
  rounds: number;
  /** Requests answered well under load, over all rounds. */
  acknowledged: number;
  /** What is wrong: ids and field names, promises broken, mails sent twice. Empty when all is well. */
  faults: string[];
}

const SHORTEST_MS = 300;
const LONGEST_MS = 2_500;

/**
 * Kills the whole service under load again and again, each time at a random moment, and starts it again on the same folder:
 * then log, vault and read model must agree, nothing acknowledged be lost, nobody mailed twice but in the send window.
 */
export const killRounds = async ({ dataDir, rounds, seed, atOnce = 8 }: KillRounds): Promise<KillReport> => {
  const random = seededRandom(seed);
  const watch = mailWatch();
  const report: KillReport = { seed, rounds: 0, acknowledged: 0, faults: [] };
  let service = await wholeService(dataDir);
  try {
    while (report.rounds < rounds && report.faults.length === 0) {
      const people = Array.from({ length: atOnce }, (_, n) => newCitizen(`citizen-${seed}-${report.rounds}-${n}`));
      const diesAfter = SHORTEST_MS + random() * (LONGEST_MS - SHORTEST_MS);
      report.acknowledged += await killedUnderLoad(service, people, { watch, random, diesAfter });
      const diedAt = new Date();
      report.rounds += 1;
      service = await wholeService(dataDir);
      await endDeadLeases(service.postgres, diedAt);
      report.faults.push(...(await faultsAfter(service, people, watch)));
    }
    return report;
  } finally {
    const code = await service.process.end('SIGTERM');
    if (code !== 0) report.faults.push(`the service ended with ${code}`);
  }
};

interface Load {
  watch: MailWatch;
  random: () => number;
  diesAfter: number;
}

/** @returns how many requests were answered well before the end. */
const killedUnderLoad = async (service: WholeService, people: Citizen[], load: Load) => {
  const { api, process } = service;
  const over = new AbortController();
  const watching = watchInbox(load.watch, service, over.signal);
  let acknowledged = 0;
  const live = async (citizen: Citizen): Promise<void> => {
    while (!over.signal.aborted && citizen.erased === 'no') {
      const status = await act(citizen, { api, tokens: load.watch.tokens, random: load.random });
      if (status === undefined) return;
      if (status >= 200 && status < 300) acknowledged += 1;
      if (status === 0) await sleep(10);
    }
  };
  const lives = people.map(live);
  await sleep(load.diesAfter);
  await process.end('SIGKILL');
  over.abort();
  await Promise.all([...lives, watching]);
  return acknowledged;
};

const faultsAfter = async (service: WholeService, people: readonly Citizen[], watch: MailWatch): Promise<string[]> => {
  const over = new AbortController();
  const watching = watchInbox(watch, service, over.signal);
  const differences = await settledDifferences(service.oracle);
  const broken = await Promise.all(people.map((citizen) => brokenPromises(citizen, service.api)));
  const owed = await untilNone(() => mailsOwed(service.postgres));
  over.abort();
  await watching;
  return [...differences, ...broken.flat(), ...owed, ...(await mailsTwice(service.postgres, watch))];
};

const PATIENCE_MS = 20_000;

const untilNone = async (ask: () => Promise<string[]>): Promise<string[]> => {
  for (const end = performance.now() + PATIENCE_MS; ; await sleep(100)) {
    const found = await ask();
    if (found.length === 0 || performance.now() > end) return found;
  }
};
