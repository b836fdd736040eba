/** Which limit ended the wait for a dependency. A 503 writes it to the log. */
export interface Wait {
  dependency: string;
  /** A fixed text with our own numbers, never input. */
  limit: string;
  waitedMs: number;
}

const waits = new WeakMap<object, Wait>();

/** Attaches a wait to an error without changing the error. The first one stays: it is closest to the dependency. */
export const noteWait = <E>(error: E, wait: Wait): E => {
  if (typeof error === 'object' && error !== null && waitOf(error) === undefined) waits.set(error, wait);
  return error;
};

/** The wait of an error or of the nearest of its causes that has one. */
export const waitOf = (error: unknown): Wait | undefined => {
  if (typeof error !== 'object' || error === null) return undefined;
  return waits.get(error) ?? ('cause' in error ? waitOf(error.cause) : undefined);
};
