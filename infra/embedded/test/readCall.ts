import { Writable } from 'node:stream';
import type { ReadCall } from '../src/eventstore/read/responder.js';

/** A read call whose client takes what is sent only when told to. */
export function readCall() {
  const taken: Buffer[] = [];
  let take: (() => void) | undefined;
  const call = new Writable({
    objectMode: true,
    write: (frame: Buffer, _encoding, done) => {
      take = () => {
        taken.push(frame);
        done();
      };
    },
  });
  return {
    call: call as unknown as ReadCall,
    taken,
    /** Takes frames until none is offered. */
    drain: async () => {
      for (let next = take; next; next = take) {
        take = undefined;
        next();
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}
