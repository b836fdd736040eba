import { readdir, readFile } from 'node:fs/promises';

interface Stat {
  pid: number;
  parent: number;
  /** Of the process itself and of the children it has reaped. */
  ticks: number;
}

/** `sysconf(_SC_CLK_TCK)`: 100 on every Linux that Node runs on. */
const MS_PER_TICK = 10;

/**
 * Processor time in ms, user and system, that a process and all its descendants have used, those that ended included
 * (Postgres starts and ends workers as it likes). Reads /proc, so it works on Linux only.
 */
export const cpuOfTree = async (root: number): Promise<number> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = (await Promise.all(pids.map(statOf))).filter((stat) => stat !== undefined);
  const tree = new Set([root]);
  for (let before = 0; before < tree.size; ) {
    before = tree.size;
    for (const { pid, parent } of stats) if (tree.has(parent)) tree.add(pid);
  }
  const own = stats.filter(({ pid }) => tree.has(pid));
  return own.reduce((sum, { ticks }) => sum + ticks, 0) * MS_PER_TICK;
};

const statOf = async (pid: string): Promise<Stat | undefined> => {
  // A process may end between the listing and this.
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (line === undefined) return undefined;
  // The name, in parentheses, may hold anything; fields are counted behind it (proc_pid_stat(5)).
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid: Number(pid), parent: Number(fields[1]), ticks };
};
