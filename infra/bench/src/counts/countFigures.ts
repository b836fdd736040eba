import type { Figure } from '../report/figure.js';
import type { Operation, OperationCounts } from './countOperations.js';

/** Statements that one operation may send. */
const TARGETS: Readonly<Record<Operation, number>> = {
  register: 5,
  confirm: 16,
  'log in': 4,
  refresh: 1,
  'own user': 1,
  'list users': 1,
};

/** The counts as figures: the statements, with the calls of the event log in the details. */
export const countFigures = (counts: OperationCounts): Figure[] =>
  (Object.keys(TARGETS) as Operation[]).map((operation) => {
    const { statements, logCalls } = counts[operation];
    const appends = logCalls.filter((call) => call === 'appendToStream').length;
    return {
      name: `statements to ${operation}`,
      measured: statements.length,
      unit: '',
      target: { atMost: TARGETS[operation] },
      details: `and ${appends} appends, ${logCalls.length - appends} reads of the event log`,
    };
  });
