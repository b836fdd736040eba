import { expect } from '@jest/globals';
import type { HttpAnswer } from '../../kit/test/ask.js';
import { until } from '../../kit/test/until.js';
import { textOf } from './handbook.js';

/**
 * What a page says that an operator sees: the code in the second cells of a table.
 * @param where how the first cell begins: `answer`, `log`, `metrics` …
 * @throws Error when the page says nothing about it
 */
export const quotesOf = (page: string, where: string): string[] => {
  const rows = textOf(page)
    .split('\n')
    .filter((line) => line.startsWith(`| ${where}`));
  const quotes = rows.flatMap((row) =>
    [...(row.split('|')[2] ?? '').matchAll(/`([^`]+)`/g)].map(([, text = '']) => text),
  );
  if (quotes.length === 0) throw new Error(`${page} quotes nothing for ${where}`);
  return quotes;
};

/** Waits until everything that a page quotes has been seen, whatever the case of its letters. */
export const expectQuotes = async (
  page: string,
  where: string,
  read: () => string | Promise<string>,
): Promise<void> => {
  let missing = quotesOf(page, where);
  await until(async () => {
    const seen = (await read()).toLowerCase();
    missing = missing.filter((quote) => !seen.includes(quote.toLowerCase()));
    return missing.length === 0;
  }).catch(() => undefined);
  expect({ page, where, missing }).toEqual({ page, where, missing: [] });
};

/** Status, headers and body of an answer, as one text. */
export const shown = ({ status, headers, text }: HttpAnswer): string =>
  [status, ...[...headers].map(([name, value]) => `${name}: ${value}`), text].join('\n');
