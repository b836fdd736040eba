import { isOperatorError } from '@ums/kit/startRefused';

interface Terminal {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
  exitCode?: number | string | null | undefined;
}

/**
 * Runs a tool for developers and prints the text it returns. A failure prints its message and sets exit code 1; an error
 * that no message was written for is thrown on, with its stack.
 */
export const runTool = async (work: () => Promise<string>, terminal: Terminal = process): Promise<void> => {
  try {
    terminal.stdout.write(`${await work()}\n`);
  } catch (error) {
    if (!isOperatorError(error)) throw error;
    terminal.stderr.write(`${error.message}\n`);
    terminal.exitCode = 1;
  }
};
