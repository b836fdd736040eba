import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';
import { expectedAnswers, SETUP_CASES } from './golden/answers.js';
import { CASE_GROUPS } from './golden/caseGroups.js';
import { resultOrError, toJson } from './golden/describeResult.js';

/** The calls of a case may take this long: a flood of a thousand appends takes more than the client's 10 s on a busy machine. */
const DEADLINE_MS = 60_000;
const CASE_TIMEOUT_MS = 90_000;
/** The client drops its connection after ten seconds without an answer to a ping by default, and a busy machine stops the server for longer. */
const PING_MS = 60_000;

/** Runs the recorded cases of a group against the server at a URL, whose log is empty; prints the answers, one JSON line each. */
const [url = '', group = ''] = process.argv.slice(2);
const recorded = new Set([...expectedAnswers().map((answer) => answer.case), ...SETUP_CASES]);
const client = EventStoreDBClient.connectionString(
  `${url}&defaultDeadline=${DEADLINE_MS}&keepAliveInterval=${PING_MS}&keepAliveTimeout=${PING_MS}`,
);
for (const [name, run] of Object.entries(CASE_GROUPS[group] ?? {})) {
  if (!recorded.has(name)) continue;
  const timeout = sleep(CASE_TIMEOUT_MS).then(() => {
    throw new Error(`no answer in ${CASE_TIMEOUT_MS} ms`);
  });
  const out = await resultOrError(() => Promise.race([run(client, url), timeout]));
  timeout.catch(() => undefined);
  process.stdout.write(`${toJson({ case: name, out: out ?? null })}\n`);
}
await client.dispose();
process.exit(0);
