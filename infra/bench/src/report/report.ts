import { type Figure, formatNumber, isMet } from './figure.js';

const HEADINGS = ['figure', 'measured', 'unit', 'target', '', 'details'];

/** Formats figures as a table in plain text, one line each. */
export const report = (figures: readonly Figure[]): string => {
  const rows = [HEADINGS, ...figures.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('');
};

const cells = (figure: Figure): string[] => {
  const { name, measured, unit, target, details } = figure;
  const bound = 'atMost' in target ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`;
  return [name, formatNumber(measured), unit, bound, isMet(figure) ? 'met' : 'MISSED', details];
};
