import { setReaderGoneListener } from './logDestination.js';

/** The program that read the output of this one has ended, such as `head`. Its message is written for the operator. */
export class StdoutClosed extends Error {
  override readonly name = 'StdoutClosed';
  readonly printable = true;

  constructor(options?: ErrorOptions) {
    super('The service stops, because nobody reads what it writes to stdout (EPIPE).', options);
  }
}

/**
 * Calls the listener when a write to stdout or of the log fails because nobody reads the pipe any more. What meets another
 * failure, such as a full disk, is dropped. Without a listener, Node treats a failed write to stdout as an uncaught exception.
 *
 * @param stdout replaced in tests
 */
export const onStdoutFailure = (
  listener: (error: StdoutClosed) => void,
  stdout: Pick<NodeJS.WriteStream, 'on'> = process.stdout,
): void => {
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') listener(new StdoutClosed({ cause: error }));
  });
  setReaderGoneListener((error) => listener(new StdoutClosed({ cause: error })));
};
