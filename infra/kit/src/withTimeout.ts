/** No answer within our own time limit. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';

  constructor() {
    super('no answer in time');
  }
}

/** Waits for a call for at most `ms`; a later result is ignored. @throws TimedOut */
export const withTimeout = async <R>(ms: number, call: Promise<R>): Promise<R> => {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimedOut()), ms);
  });
  try {
    return await Promise.race([call, timeout]);
  } finally {
    clearTimeout(timer);
  }
};
