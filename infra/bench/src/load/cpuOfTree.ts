import { readdir, readFile } from 'node:fs/promises';

interface Stat {
  pid: number;
  parent: number;
  /** CPU time of the process and of its children that have ended and been waited for. */
  ticks: number;
}

/** `sysconf(_SC_CLK_TCK)`: 100 on every Linux that Node runs on. */
const MS_PER_TICK = 10;

/**
 * CPU time in ms, user and system, of a process and all its descendants. Includes those that have ended, because Postgres
 * starts and ends workers all the time. Reads /proc, so it works on Linux only.
 */
export const cpuOfTree = async (root: number): Promise<number> => {
  const stats = await allStats();
  const tree = treeOf(root, stats);
  return stats.filter(({ pid }) => tree.has(pid)).reduce((sum, { ticks }) => sum + ticks, 0) * MS_PER_TICK;
};

/** The ids of a process and all its descendants that run now. */
export const processTree = async (root: number): Promise<ReadonlySet<number>> => treeOf(root, await allStats());

const allStats = async (): Promise<Stat[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return (await Promise.all(pids.map(statOf))).filter((stat) => stat !== undefined);
};

const treeOf = (root: number, stats: readonly Stat[]): Set<number> => {
  const tree = new Set([root]);
  for (let before = 0; before < tree.size; ) {
    before = tree.size;
    for (const { pid, parent } of stats) if (tree.has(parent)) tree.add(pid);
  }
  return tree;
};

const statOf = async (pid: string): Promise<Stat | undefined> => {
  // The process may have ended since the listing.
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (line === undefined) return undefined;
  // The name, in parentheses, may contain spaces, so the fields are counted from its end (proc_pid_stat(5)).
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid: Number(pid), parent: Number(fields[1]), ticks };
};
