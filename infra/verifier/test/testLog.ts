import type { HistoryProof } from '@ums/contracts/proof/historyProof';
import type { LogExportHeader, LogExportLine } from '@ums/contracts/proof/logExport';
import { auditPath, leafOfEvent, treeHash } from './independentTree.js';
import { type SampleEntry, sampleLog } from './sampleLog.js';
import { type TestNotary, testNotary } from './testNotary.js';

/** A log with its tree, and a notary that has signed it at any size. */
export interface TestLog {
  notary: TestNotary;
  entries: readonly SampleEntry[];
  leaves: readonly Buffer[];
  /** The signed note of the first so many events. */
  checkpoint(size?: number): string;
  /** The same, in which the notary states how many of them may expire. */
  counted(size?: number): string;
}

export const testLog = (entries: readonly SampleEntry[] | number, notary = testNotary()): TestLog => {
  const all = typeof entries === 'number' ? [...sampleLog(entries)] : entries;
  const leaves = all.map(({ event }) => leafOfEvent(event));
  return {
    notary,
    entries: all,
    leaves,
    checkpoint: (size = leaves.length) => notary.sign(size, treeHash(leaves, 0, size)),
    counted: (size = leaves.length) => {
      const first = all.slice(0, size);
      const expirable = first.filter(({ event }) => event.stream.startsWith('signin-')).length;
      return notary.sign(size, treeHash(leaves, 0, size), expirable);
    },
  };
};

/** Its lines as an export has them, without line feeds: the header, then the entries. */
export const exportLines = (log: TestLog, { withLeaves = true } = {}): string[] => [
  JSON.stringify({ format: 'ums-log-export.v1', checkpoint: log.checkpoint() } satisfies LogExportHeader),
  ...log.entries.map(({ index, position, event }) => {
    const leaf = (log.leaves[index] as Buffer).toString('base64');
    return JSON.stringify({ index, ...(withLeaves && { leaf }), position, event } satisfies LogExportLine);
  }),
];

export const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** A history proof of this log. */
export interface SampleProof extends HistoryProof {
  events: (SampleEntry & { inclusion: string[] })[];
}

/** The history proof of a user. */
export const historyProof = ({ entries, leaves, ...log }: TestLog, userId: string): SampleProof => ({
  format: 'ums-history-proof.v1',
  checkpoint: log.checkpoint(),
  events: [`user-${userId}`, `signin-${userId}`, `access-${userId}`].flatMap((stream) =>
    entries
      .filter(({ event }) => event.stream === stream)
      .map((entry) => ({
        ...entry,
        inclusion: auditPath(leaves, entry.index).map((hash) => hash.toString('base64')),
      })),
  ),
});
