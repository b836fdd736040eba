import { parseArgs } from 'node:util';
import { isUuid } from '@ums/contracts/uuid';
import { StartRefused } from '@ums/kit/startRefused';

import { type EventsOrder, FORMATS, type HistoryOrder, type ProfileOrder, type ReplayOrder } from './replayOrder.js';

export const USAGE =
  'Usage: npm run -s replay -- --user <id> [--as-of <time or revision>] [--grant <id>]\n' +
  '       npm run -s replay -- --from <position> --to <position>\n' +
  '       npm run -s replay -- --correlation <id>\n' +
  `       all with [--format ${FORMATS.join('|')}], and without --as-of with [--after <position or cursor>]`;
const POSITION = /^(0|[1-9]\d{0,19})$/;
const CURSOR = /^[\w-]{1,80}$/;
const MOMENT = /^(\d{1,15}|[\d-]{10}\D[\d:.]{5,18}\D{1,4}[\d:]{0,5})$/;

/** @throws StartRefused with the argument that is wrong, and the usage. */
export const readReplayOrder = (args: readonly string[]): ReplayOrder => {
  const values = parse(args);
  const subjects = [values.user, values.from ?? values.to, values.correlation].filter((value) => value !== undefined);
  if (subjects.length === 0) throw new StartRefused(USAGE);
  if (subjects.length > 1) throw wrong('Only one of --user, --from with --to, and --correlation may be given');
  const format = FORMATS.find((name) => name === (values.format ?? 'ndjson'));
  if (format === undefined) throw wrong(`--format must be one of ${FORMATS.join(', ')}`);
  return { format, ...(values.user === undefined ? eventsOrder(values) : userOrder(values.user, values)) };
};

const userOrder = (user: string, values: Values): HistoryOrder | ProfileOrder => {
  const userId = idOf('--user', user);
  const grantId = values.grant === undefined ? undefined : idOf('--grant', values.grant);
  const { 'as-of': asOf, after } = values;
  if (asOf === undefined) {
    if (after !== undefined && !CURSOR.test(after)) throw wrong('--after must be the cursor that a replay has printed');
    return { kind: 'history', userId, grantId, after };
  }
  if (after !== undefined) throw wrong('--as-of does not take --after');
  if (!MOMENT.test(asOf))
    throw wrong('--as-of must be a revision, or a time with Z or an offset, such as 2026-01-31T12:00:00Z');
  return { kind: 'profile', userId, grantId, asOf };
};

const eventsOrder = (values: Values): EventsOrder => {
  for (const option of ['as-of', 'grant'] as const)
    if (values[option] !== undefined) throw wrong(`--${option} is for --user only`);
  const after = values.after === undefined ? undefined : String(positionOf('--after', values.after));
  if (values.correlation !== undefined)
    return { kind: 'events', range: undefined, correlation: idOf('--correlation', values.correlation), after };
  const range = { from: positionOf('--from', values.from), to: positionOf('--to', values.to) };
  if (range.from > range.to) throw wrong('--from must not be after --to');
  return { kind: 'events', range, correlation: undefined, after };
};

const idOf = (option: string, text: string): string => {
  const id = text.toLowerCase();
  if (!isUuid(id)) throw wrong(`${option} must be an id`);
  return id;
};

const positionOf = (option: string, text: string | undefined): bigint => {
  if (text === undefined) throw wrong(`${option} is missing`);
  if (!POSITION.test(text)) throw wrong(`${option} must be a position, a number of up to 20 digits`);
  return BigInt(text);
};

const wrong = (sentence: string): StartRefused => new StartRefused(`${sentence}.\n${USAGE}`);

type Values = ReturnType<typeof parse>;

const parse = (args: readonly string[]) => {
  const string = { type: 'string' } as const;
  const subject = { user: string, from: string, to: string, correlation: string };
  const options = { ...subject, 'as-of': string, format: string, grant: string, after: string };
  try {
    const { values, tokens } = parseArgs({ args: [...args], options, tokens: true });
    const names = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []));
    const twice = names.find((name, index) => names.indexOf(name) < index);
    if (twice !== undefined) throw wrong(`--${twice} may be given once`);
    return values;
  } catch (error) {
    if (error instanceof StartRefused) throw error;
    // Its message names the argument.
    throw wrong((error as Error).message.split(/\.\s|\n/)[0]?.replace(/\.$/, '') ?? '');
  }
};
