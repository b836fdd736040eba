import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Streams together make a part at least this often, however many requests there are, also those that only wait. */
const LONGEST_MS = 10;

/** Responses of this process that a client waits for as a whole. */
const awaited = new Set<ServerResponse>();
let onQuiet = (): void => undefined;

export const addAwaited = (response: ServerResponse): void => void awaited.add(response);

/** The response is finished, or is sent as a stream from now on: no client waits for the end of it. */
export const removeAwaited = (response: ServerResponse): void => {
  if (awaited.delete(response) && awaited.size === 0) onQuiet();
};

const untilQuiet = async (): Promise<void> => {
  // Requests that have arrived meanwhile are read first.
  await nextTurn();
  if (awaited.size === 0) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, LONGEST_MS);
    onQuiet = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  onQuiet = () => undefined;
};

let line = Promise.resolve();

/**
 * Waits until no request but streams is under way in this process, but for ten milliseconds at most, and behind other streams
 * that wait. To be called before each part of a stream that takes a millisecond or more to make: a stream goes as fast as it
 * can while there is nothing else to do, and a request waits for no more than the parts that have begun.
 */
export const othersFirst = (): Promise<void> => {
  line = line.then(untilQuiet);
  return line;
};
