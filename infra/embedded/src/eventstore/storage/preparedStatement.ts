import type { QueryArrayConfig } from 'pg';

/** A prepared statement whose rows are arrays; int8 and uuid arrive as text, bytea as Buffer. */
export const preparedStatement = (name: string, text: string, values: unknown[]): QueryArrayConfig => ({
  name,
  text,
  values,
  rowMode: 'array',
});

const ARRAY_HEADER_BYTES = 20;
const BYTEA_OID = 17;

/**
 * Encodes a `bytea[]` parameter in Postgres' binary format (`array_send`). pg sends a Buffer unchanged; an array of
 * Buffers it would convert to quoted hex text, which is slow for megabytes of event data.
 */
export const byteaArray = (values: readonly Buffer[]): Buffer => {
  const array = Buffer.allocUnsafe(ARRAY_HEADER_BYTES + values.reduce((size, value) => size + 4 + value.length, 0));
  const header = values.length === 0 ? [0, 0, BYTEA_OID] : [1, 0, BYTEA_OID, values.length, 1];
  let offset = 0;
  for (const word of header) offset = array.writeInt32BE(word, offset);
  for (const value of values) {
    offset = array.writeInt32BE(value.length, offset);
    offset += value.copy(array, offset);
  }
  return array.subarray(0, offset);
};
