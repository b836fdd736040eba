const SIZE_BYTES = 4;

/** Splits the bytes of one direction of a Kafka connection into frames, each with its 4 bytes of size. */
export const kafkaFrames = (onFrame: (frame: Buffer) => void): ((bytes: Buffer) => void) => {
  let pending = Buffer.alloc(0);
  return (bytes) => {
    pending = Buffer.concat([pending, bytes]);
    while (pending.length >= SIZE_BYTES) {
      const end = SIZE_BYTES + pending.readUInt32BE(0);
      if (pending.length < end) return;
      onFrame(pending.subarray(0, end));
      pending = pending.subarray(end);
    }
  };
};

/** Whether a request frame is a Produce: its api key (bytes 4 and 5) is 0. @see https://kafka.apache.org/protocol */
export const isProduce = (request: Buffer): boolean => request.readInt16BE(4) === 0;

/** The id that a response repeats from its request. */
export const correlationIdOfRequest = (request: Buffer): number => request.readInt32BE(8);
export const correlationIdOfResponse = (response: Buffer): number => response.readInt32BE(4);
