import type { StreamReader } from './readGrant.js';

/** Reads each stream once: many grants are asked for by the same few people. */
export const readingOnce = (eventLog: StreamReader['eventLog']): StreamReader['eventLog'] => {
  const streams = new Map<string, ReturnType<typeof eventLog.readStream>>();
  return {
    readStream: (stream) => {
      const reading = streams.get(stream) ?? eventLog.readStream(stream);
      streams.set(stream, reading);
      return reading;
    },
  };
};
