import { StartRefused } from '@ums/kit/startRefused';

/**
 * The result of `starting`, unless the signal is aborted before. A rejection that is not awaited yet does not end the process.
 * @throws StartRefused when aborted; what is starting goes on.
 */
export const interruptible = <T>(starting: Promise<T>, signal: AbortSignal): Promise<T> => {
  const interrupted = new Promise<never>((_, reject) => {
    const interrupt = () => reject(new StartRefused('The start was interrupted.'));
    if (signal.aborted) interrupt();
    else signal.addEventListener('abort', interrupt, { once: true });
  });
  const result = Promise.race([starting, interrupted]);
  result.catch(() => undefined);
  return result;
};
