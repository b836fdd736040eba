import { readdirSync, readFileSync } from 'node:fs';

interface Stat {
  pid: number;
  parent: number;
  /** CPU time of the process and of its children that have ended and been waited for. */
  ticks: number;
}

/** `sysconf(_SC_CLK_TCK)`: 100 on every Linux that Node runs on. */
const MS_PER_TICK = 10;
/** After as many readings the last one is taken, although processes end all the time. */
const MOST_READINGS = 10;

/**
 * CPU time in ms, user and system, of a process and all its descendants. Includes those that have ended, because Postgres
 * starts and ends workers all the time. Reads /proc, so it works on Linux only.
 */
export const cpuOfTree = async (root: number): Promise<number> =>
  readTree(root).reduce((sum, { ticks }) => sum + ticks, 0) * MS_PER_TICK;

/** The ids of a process and all its descendants that run now. */
export const processTree = (root: number): ReadonlySet<number> => treeOf(root, readStats().stats);

/**
 * A process that ends leaves its time to its parent. If that happens while the two are read, one after the other, its time counts
 * twice or not at all. So the tree is read again until no process of the machine
 * ended before it was read, and none of the tree afterwards: of one that is lost, the parent is unknown.
 */
const readTree = (root: number): Stat[] => {
  for (let reading = 1; ; reading += 1) {
    const { stats, hasLost } = readStats();
    const tree = treeOf(root, stats);
    const members = stats.filter(({ pid }) => tree.has(pid));
    const left = new Set(runningIds());
    const isWhole = !hasLost && members.every(({ pid }) => left.has(String(pid)));
    if (isWhole || reading === MOST_READINGS) return members;
  }
};

/** Those of all processes, and whether any ended before it was read. Synchronous, so that few end meanwhile. */
const readStats = (): { stats: Stat[]; hasLost: boolean } => {
  const read = runningIds().map(statOf);
  const stats = read.filter((stat) => stat !== undefined);
  return { stats, hasLost: stats.length < read.length };
};

const runningIds = (): string[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name));

const treeOf = (root: number, stats: readonly Stat[]): Set<number> => {
  const tree = new Set([root]);
  for (let before = 0; before < tree.size; ) {
    before = tree.size;
    for (const { pid, parent } of stats) if (tree.has(parent)) tree.add(pid);
  }
  return tree;
};

const statOf = (pid: string): Stat | undefined => {
  const line = lineOf(pid);
  if (line === undefined) return undefined;
  // The name, in parentheses, may contain spaces, so the fields are counted from its end (proc_pid_stat(5)).
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid: Number(pid), parent: Number(fields[1]), ticks };
};

const lineOf = (pid: string): string | undefined => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    // The process has ended since the listing.
    return undefined;
  }
};
