const HEADER_BYTES = 9;
const DATA_TYPE = 0;

/**
 * Splits the byte stream of a server into HTTP/2 frames (RFC 9113 §4.1). `isMessage` is true for DATA frames with a
 * payload. Feed the returned function with the bytes as they arrive.
 */
export const frameReader = (onFrame: (frame: Buffer, isMessage: boolean) => void): ((bytes: Buffer) => void) => {
  let pending: Buffer = Buffer.alloc(0);
  return (bytes) => {
    pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes]);
    while (pending.length >= HEADER_BYTES) {
      const payloadBytes = pending.readUIntBE(0, 3);
      if (pending.length < HEADER_BYTES + payloadBytes) return;
      const frame = pending.subarray(0, HEADER_BYTES + payloadBytes);
      pending = pending.subarray(HEADER_BYTES + payloadBytes);
      onFrame(frame, frame[3] === DATA_TYPE && payloadBytes > 0);
    }
  };
};
