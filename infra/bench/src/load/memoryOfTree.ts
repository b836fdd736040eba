import { readFile } from 'node:fs/promises';
import { processTree } from './cpuOfTree.js';

/** Resident memory in MB of the largest process among a process and its descendants. Reads /proc, as `cpuOfTree` does. */
export const largestMemoryOfTree = async (root: number): Promise<number> => {
  const sizes = await Promise.all([...processTree(root)].map(residentKb));
  return Math.max(0, ...sizes) / 1_024;
};

const residentKb = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
};
