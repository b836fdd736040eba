import { parseArgs } from 'node:util';
import { isUuid } from '@ums/contracts/uuid';
import { StartRefused } from '@ums/kit/startRefused';
import { ageMs } from './ageMs.js';

/** Which lines to show. */
export interface LogQuery {
  correlationId?: string;
  userId?: string;
  route?: string;
  /** Lines at or after this time, in ms since 1970. */
  since?: number;
  /** The newest so many lines. */
  limit: number;
  /** Goes on with lines that arrive later. */
  follow: boolean;
}

const DEFAULT_LIMIT = 500;
/** What OpenSearch returns at once at most. */
export const MAX_LIMIT = 10_000;

export const USAGE = `npm run -s logs -- [--correlation <id>] [--user <id>] [--route <template>] [--since <time>] [--limit <n>] [--follow]
npm run -s logs -- prune --older-than <age>

Prints log lines of all services from OpenSearch, in the order of their times. All filters must match.
  --correlation <id>  the X-Correlation-Id of a request
  --user <id>         lines about a user
  --route <template>  such as /api/v1/auth/register or /api/v1/users/{id}
  --since <time>      an age such as 10m, 2h or 30d, or a time such as 2026-11-26T12:00:00Z
  --limit <n>         the newest n lines; 1 to ${MAX_LIMIT}, default ${DEFAULT_LIMIT}
  --follow            go on until Ctrl-C
prune deletes old lines for good.
OPENSEARCH_URL names the server; OPENSEARCH_USERNAME and OPENSEARCH_PASSWORD give access to it.`;

const OPTIONS = {
  correlation: { type: 'string' },
  user: { type: 'string' },
  route: { type: 'string' },
  since: { type: 'string' },
  limit: { type: 'string' },
  follow: { type: 'boolean' },
} as const;

/** @throws StartRefused */
export const parseLogQuery = (args: readonly string[], now: number): LogQuery => {
  const { correlation, user, route, since, limit, follow = false } = parse(args);
  return {
    ...(correlation !== undefined && { correlationId: correlationIdOf(correlation) }),
    ...(user !== undefined && { userId: user.toLowerCase() }),
    ...(route !== undefined && { route: loggedRoute(route) }),
    ...(since !== undefined && { since: timeOf(since, now) }),
    limit: limitOf(limit),
    follow,
  };
};

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    // Its message names the option.
    throw new StartRefused(`${(error as Error).message.split('. ')[0]}.\n\n${USAGE}`);
  }
};

/** Lines name parameters as Express does, the API document in braces. */
const loggedRoute = (template: string): string => template.replace(/\{(\w+)\}/g, ':$1');

const correlationIdOf = (text: string): string => {
  const id = text.toLowerCase();
  // A service replaces any other id by a new one, so no line has it.
  if (!isUuid(id))
    throw new StartRefused('--correlation must be a UUID, as the header X-Correlation-Id of the response.');
  return id;
};

const timeOf = (text: string, now: number): number => {
  const age = ageMs(text);
  const time = age === undefined ? Date.parse(text) : now - age;
  if (Number.isNaN(time)) throw new StartRefused('--since must be an age such as 10m, 2h or 30d, or an ISO time.');
  return time;
};

const limitOf = (text: string | undefined): number => {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT) throw new StartRefused(`--limit must be a number from 1 to ${MAX_LIMIT}.`);
  return limit;
};
