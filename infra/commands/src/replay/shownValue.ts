import type { HistoryChange, HistoryEntry, RequestSource } from '@ums/contracts/http/history';

type Value = HistoryChange['before'] | HistoryEntry['reason'] | RequestSource;

/** A value of a history as one text. Brackets mark what is no value. */
export const shownValue = (value: Value): string | null => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.join(' ');
  if ('masked' in value) return '[masked]';
  if ('erased' in value) return '[erased]';
  return JSON.stringify(value);
};
