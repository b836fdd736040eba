import { withTransaction } from '@ums/kit/postgres/transaction';
import { StartRefused } from '@ums/kit/startRefused';
import { type Copy, existingCopies } from '../projection/copies.js';
import { parkedKeys } from '../projection/parked.js';
import { retryParked } from '../projection/retryParked.js';
import { type Comparison, compareTables } from './compareTables.js';
import { dropCopy } from './dropCopy.js';
import { listedText, tableText } from './listedText.js';
import { listTables } from './listTables.js';
import { type RebuildDeps, type RebuildProgress, rebuild } from './rebuild.js';
import { restoreOld } from './restoreOld.js';
import { switchTables } from './switchTables.js';

interface OperationDeps extends RebuildDeps {
  onProgress(progress: RebuildProgress): void;
}

interface Options {
  name?: string | undefined;
  /** Of `rebuild`: to catch up the tables from before the last switch instead of building new ones. */
  fromOld?: boolean;
  /** Of `drop`: needed only if there are both. */
  copy?: Copy | undefined;
}

/** Takes the dependencies of each chosen projection. @returns the text to print. @throws StartRefused */
type Operation = (chosen: readonly OperationDeps[], options: Options) => Promise<string>;

const ofEach =
  (operation: (deps: OperationDeps, options: Options) => Promise<string>): Operation =>
  async (chosen, options) => {
    const texts: string[] = [];
    for (const deps of chosen) texts.push(await operation(deps, options));
    return texts.join('\n');
  };

const list: Operation = async (chosen) => {
  const tables = [];
  for (const deps of chosen) tables.push(...(await listTables(deps)));
  return listedText(tables);
};

const rebuildOne = async (deps: OperationDeps, { fromOld }: Options): Promise<string> => {
  const { projection, pool, onProgress } = deps;
  const { name } = projection;
  if (fromOld) await restoreOld(pool, projection);
  const events = await rebuild(deps, onProgress);
  return [
    `${name} is rebuilt: ${events} events applied, up to the head of the log.`,
    ...comparisonLines(await compareTables(pool, projection)),
    `To make the rebuilt tables the live ones: npm run -s projections -- switch ${name}`,
  ].join('\n');
};

const comparisonLines = ({ tables, onlyLive, onlyNext, differing }: Comparison): string[] => [
  tableText([['table', 'live', 'rebuilt'], ...tables.map(({ table, live, next }) => [table, `${live}`, `${next}`])]),
  `Rows only live: ${onlyLive}; only rebuilt: ${onlyNext}; at the same event with other values: ${differing}.`,
];

const switchOne = async (deps: OperationDeps): Promise<string> => {
  const { name } = deps.projection;
  const position = await switchTables(deps);
  return `${name} is switched at position ${position}. The tables before are kept until: npm run -s projections -- drop ${name}`;
};

const dropOne = async ({ pool, projection }: OperationDeps, { copy }: Options): Promise<string> => {
  const { name } = projection;
  const copies = await existingCopies(pool, projection);
  const [first, ...others] = copy === undefined ? copies : copies.filter((one) => one === copy);
  if (first === undefined) throw new StartRefused(`There are no such tables beside the live ones of ${name}.`);
  if (others.length > 0)
    throw new StartRefused(`${name} has both a rebuild and old tables: run drop ${name} next, or drop ${name} old.`);
  await dropCopy(pool, projection, first);
  return `${name}_${first} is dropped.`;
};

const retryOne = async (deps: OperationDeps): Promise<string> => {
  const { pool, projection } = deps;
  const { name } = projection;
  const { length } = await withTransaction(pool, (tx) => parkedKeys(tx, name));
  if (length === 0) return `${name} has no parked keys.`;
  const failing = [...(await retryParked(deps))];
  const text = `${name}: ${length - failing.length} of ${length} parked keys are folded.`;
  if (failing.length === 0) return text;
  const rows = failing.map(([key, { reason, position }]) => [key, reason, String(position)]);
  return `${text} Still parked:\n${tableText([['key', 'reason', 'position'], ...rows])}`;
};

export const OPERATIONS = {
  list,
  rebuild: ofEach(rebuildOne),
  switch: ofEach(switchOne),
  drop: ofEach(dropOne),
  'retry-parked': ofEach(retryOne),
} as const;
