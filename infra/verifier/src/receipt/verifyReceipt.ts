import { NotCanonical } from '@ums/contracts/proof/canonicalJson';
import { ERASURE_RECEIPT_FORMAT, receiptStatement } from '@ums/contracts/proof/erasureReceipt';
import { Fault } from '../fault.js';
import { readMembers } from '../history/readRecord.js';
import { printable } from '../input/printable.js';
import { requireSigned } from '../note/requireSigned.js';
import type { VerifierKey } from '../note/verifierKeys.js';

const MEMBERS = ['format', 'receipt', 'startedAt', 'complete', 'steps', 'signed'];
/** A signed note (C2SP signed-note) with one line of text. */
const NOTE = /^(\{.*\}\n)\n((?:— [^\s+]+ [A-Za-z0-9+/]{91}=\n)+)$/;

/** Whether parsed JSON claims to be the receipt of an erasure. */
export const isReceipt = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'format' in value && value.format === ERASURE_RECEIPT_FORMAT;

/**
 * Verifies the receipt of an erasure: what it says is what the notary has signed.
 *
 * @param receipt parsed JSON
 * @returns what was verified, in a sentence
 * @throws Fault
 */
export const verifyReceipt = (receipt: unknown, keys: readonly VerifierKey[]): string => {
  const what = 'The receipt';
  const record = readMembers(receipt, { what, members: MEMBERS });
  if (record.signed === null) throw new Fault('The receipt is not signed: ask for it again in a few minutes.');
  const [, text, lines] = (typeof record.signed === 'string' && NOTE.exec(record.signed)) || [];
  if (text === undefined || lines === undefined) throw new Fault('What the receipt has as signed is no signed note.');
  const { name } = requireSigned(text, lines, { keys, what });
  if (text !== statementOf(record)) throw new Fault('The receipt was changed: it is not what the notary has signed.');
  const state = record.complete === true ? 'complete' : `not complete, as of then pending: ${pendingOf(record.steps)}`;
  return `Verified: the receipt ${printable(String(record.receipt))} of an erasure, signed by the notary of ${printable(name)}, ${state}.`;
};

const statementOf = (record: object): string => {
  try {
    return receiptStatement(record);
  } catch (error) {
    if (!(error instanceof NotCanonical)) throw error;
    throw new Fault('The receipt has no canonical JSON.', { cause: error });
  }
};

/** The steps that are left, with the date of those that have one. */
const pendingOf = (steps: unknown): string => {
  const entries = Object.entries(steps as Record<string, { state?: unknown; at?: unknown }>);
  const pending = entries.filter(([, { state }]) => state === 'pending');
  return pending.map(([name, { at }]) => printable(at === null ? name : `${name} (${String(at)})`)).join(', ');
};
