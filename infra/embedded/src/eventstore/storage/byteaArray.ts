const HEADER_BYTES = 20;
const BYTEA = 17;

/**
 * A `bytea[]` parameter in Postgres' binary form (`array_send`). pg passes a Buffer on as it is, so that megabytes of
 * event data are neither turned to hex nor quoted, as they would be in an array of Buffers.
 */
export function byteaArray(values: readonly Buffer[]): Buffer {
  const array = Buffer.allocUnsafe(HEADER_BYTES + values.reduce((size, value) => size + 4 + value.length, 0));
  const header = values.length === 0 ? [0, 0, BYTEA] : [1, 0, BYTEA, values.length, 1];
  let at = 0;
  for (const word of header) at = array.writeInt32BE(word, at);
  for (const value of values) {
    at = array.writeInt32BE(value.length, at);
    at += value.copy(array, at);
  }
  return array.subarray(0, at);
}
