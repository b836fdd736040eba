import { canonicalJson } from './canonicalJson.js';

/** What `format` of the receipt of an erasure says. A change that an old verifier cannot read gets a new name. */
export const ERASURE_RECEIPT_FORMAT = 'ums-erasure-receipt.v1';

/**
 * The text that the notary signs for a receipt: its canonical JSON (RFC 8785) without the member `signed`, and a line feed. A
 * checkpoint has three or four lines before its empty one, so that neither passes for the other.
 *
 * @throws NotCanonical
 */
export const receiptStatement = (receipt: object): string => {
  const { signed: _, ...stated } = receipt as { signed?: unknown };
  return `${canonicalJson(stated)}\n`;
};

/** The text that a signed note of a receipt is over. Whether its signature is good is not looked at. */
export const statementOf = (note: string): string => note.slice(0, note.indexOf('\n') + 1);
