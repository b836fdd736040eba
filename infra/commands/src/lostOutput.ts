import { codeOf } from '@ums/kit/postgres/errors';

interface Output {
  on(event: 'error', listener: (error: unknown) => void): unknown;
}

export interface Terminal {
  stdout: Output;
  stderr: Output & { write(text: string): unknown };
  exitCode?: number | string | null | undefined;
  exit(): unknown;
}

export interface LostOutputOptions {
  /** Whether the output is all that the command is for. It ends then, and otherwise finishes its work. @default false */
  isPurpose?: boolean;
}

/**
 * Tells the operator that the output could not be written, such as to a full disk, and sets exit code 1. A reader that ends
 * first, such as `head`, is no failure.
 */
export const reportLostOutput = (terminal: Terminal, { isPurpose = false }: LostOutputOptions = {}): void => {
  let isReported = false;
  terminal.stdout.on('error', (error) => {
    const code = codeOf(error) ?? 'unknown error';
    if (code !== 'EPIPE') {
      terminal.exitCode = 1;
      if (!isReported)
        terminal.stderr.write(`The output could not be written (${code}), at least its end is missing.\n`);
      isReported = true;
    }
    if (isPurpose) terminal.exit();
  });
  // Nobody can be told of this; the exit code tells how the command ended.
  terminal.stderr.on('error', () => undefined);
};
