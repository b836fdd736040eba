const HEADER_BYTES = 9;
const DATA_TYPE = 0;
/** RST_STREAM (RFC 9113 §6.4). */
export const RESET_TYPE = 3;
/** A client sends `PRI * HTTP/2.0…` before its first frame (RFC 9113 §3.4). */
const PREFACE_BYTES = 24;

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

/** Splits the byte stream of a client into HTTP/2 frames. */
export const clientFrameReader = (onFrame: (frame: Buffer) => void): ((bytes: Buffer) => void) => {
  const read = frameReader(onFrame);
  let toSkip = PREFACE_BYTES;
  return (bytes) => {
    const skipped = Math.min(toSkip, bytes.length);
    toSkip -= skipped;
    read(bytes.subarray(skipped));
  };
};
