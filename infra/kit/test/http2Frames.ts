const HEADER_BYTES = 9;
const DATA = 0;

/** Cuts a server's byte stream into HTTP/2 frames (RFC 9113 §4.1) and tells those that carry a message from the rest. */
export const frameReader = (give: (frame: Buffer, isMessage: boolean) => void): ((bytes: Buffer) => void) => {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    while (rest.length >= HEADER_BYTES) {
      const payload = rest.readUIntBE(0, 3);
      if (rest.length < HEADER_BYTES + payload) return;
      const frame = rest.subarray(0, HEADER_BYTES + payload);
      rest = rest.subarray(HEADER_BYTES + payload);
      give(frame, frame[3] === DATA && payload > 0);
    }
  };
};
