import { describe, expect, it } from '@jest/globals';
import { receiptStatement } from '@ums/contracts/proof/erasureReceipt';
import { signedReceipt } from '../../test/signedReceipt.js';
import { testNotary } from '../../test/testNotary.js';
import { parseVerifierKeys } from '../note/verifierKeys.js';
import { isReceipt, verifyReceipt } from './verifyReceipt.js';

const notary = testNotary();
const receipt = signedReceipt(notary);

/** What the verifier says. */
const outcome = (value: unknown, key = notary.publicKey): string => {
  try {
    return verifyReceipt(value, parseVerifierKeys(key));
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
};

describe('verifyReceipt', () => {
  it('G-11 says of a signed receipt whether it is complete, and what is left until when', () => {
    expect(outcome(receipt)).toBe(
      `Verified: the receipt ${receipt.receipt} of an erasure, signed by the notary of ${notary.origin}, not complete, as of then pending: pictures, backupsDue (2026-02-02T02:00:00.000Z).`,
    );
    const stated = { ...receipt, complete: true };
    const complete = { ...stated, signed: notary.signText(receiptStatement(stated)) };
    expect(outcome(complete)).toMatch(/, complete\.$/);
    const { signed, ...others } = receipt;
    expect(outcome({ signed, ...others })).toBe(outcome(receipt));
  });

  it.each([
    ['another id', { receipt: '0199c0de-0000-4000-8000-0000000000aa' }],
    ['another time', { startedAt: '2026-01-02T12:00:00.001Z' }],
    ['a claim to be complete', { complete: true }],
    ['a step', { steps: { ...receipt.steps, pictures: { state: 'done', at: null } } }],
    ['a step less', { steps: {} }],
  ])('G-11 finds %s', (_, change) => {
    expect(outcome({ ...receipt, ...change })).toBe(
      'Fault: The receipt was changed: it is not what the notary has signed.',
    );
  });

  it('G-11 finds a statement that was changed together with the receipt, and another key', () => {
    const stated = { ...receipt, complete: true };
    const signed = receipt.signed.replace('"complete":false', '"complete":true');
    expect(outcome({ ...stated, signed })).toBe('Fault: The receipt was changed: its signature does not fit.');
    const { publicKey } = testNotary(notary.origin);
    expect(outcome(receipt, publicKey)).toBe('Fault: The receipt is not signed with the key that was given.');
  });

  it.each([
    ['no signature yet', { signed: null }, 'The receipt is not signed: ask for it again in a few minutes.'],
    ['a signature of another form', { signed: 1 }, 'What the receipt has as signed is no signed note.'],
    [
      'a checkpoint as signature',
      { signed: notary.sign(1, Buffer.alloc(32)) },
      'What the receipt has as signed is no signed note.',
    ],
    ['a member that no signature covers', { more: 1 }, 'The receipt has a member that this format does not have.'],
    ['text that is no Unicode', { startedAt: '\ud800' }, 'The receipt has no canonical JSON.'],
  ])('refuses %s', (_, change, message) => {
    expect(outcome({ ...receipt, ...change })).toBe(`Fault: ${message}`);
  });
});

describe('isReceipt', () => {
  it('knows a receipt by its format', () => {
    expect([receipt, {}, null, 'text', { format: 'ums-history-proof.v1' }].map(isReceipt)).toEqual([
      ...[true, false, false, false, false],
    ]);
  });
});
