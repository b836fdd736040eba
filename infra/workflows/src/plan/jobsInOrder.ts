import type { Job, Workflow } from './workflowFile.js';

/** The ids of the jobs that a job waits for. */
export const needsOf = ({ needs = [] }: Job): readonly string[] => (typeof needs === 'string' ? [needs] : needs);

/** Jobs by id, after those they need, otherwise as in the file. @throws Error when one can never start */
export const jobsInOrder = ({ name, jobs }: Workflow): [string, Job][] => {
  const waiting = new Map(Object.entries(jobs));
  const ordered: [string, Job][] = [];
  while (waiting.size > 0) {
    const next = [...waiting].find(([, job]) => needsOf(job).every((id) => id in jobs && !waiting.has(id)));
    if (next === undefined) throw new Error(`No job of ${name} can start: ${[...waiting.keys()].join(', ')}.`);
    waiting.delete(next[0]);
    ordered.push(next);
  }
  return ordered;
};
