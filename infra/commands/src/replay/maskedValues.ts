import type { HistoryEntry, PastUserBody } from '@ums/contracts/http/history';
import type { ReadParts } from './resumed.js';

const isMasked = (value: unknown): boolean => typeof value === 'object' && value !== null && 'masked' in value;

/** Whether the entry hides what an open grant shows. The source does not count: that of another person stays masked. */
export const isMaskedEntry = ({ reason, changes }: HistoryEntry): boolean =>
  isMasked(reason) || changes.some(({ before, after }) => isMasked(before) || isMasked(after));

export const isMaskedProfile = ({ email, name }: PastUserBody): boolean => isMasked(email) || isMasked(name);

/** Tells of the parts that hold a masked record. */
export const noting = <R>(read: ReadParts<R>, isMaskedRecord: (record: R) => boolean, note: () => void): ReadParts<R> =>
  async function* (begin) {
    for await (const part of read(begin)) {
      if (part.records.some(isMaskedRecord)) note();
      yield part;
    }
  };
