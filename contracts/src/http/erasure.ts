/** Every route that erases a user names the receipt of the erasure in this header. */
export const RECEIPT_HEADER = 'Erasure-Receipt';
