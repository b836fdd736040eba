import { isOperatorError } from '@ums/kit/startRefused';
import { reportLostOutput } from './lostOutput.js';

interface Terminal {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
  exitCode?: number | string | null | undefined;
}

/**
 * Runs an operator's command and prints the sentence it returns. A failure prints the error's message and sets exit code
 * 1. Errors that were not written for the terminal show only their name, because their message may quote data.
 */
export const runCommand = async (work: () => Promise<string>, terminal: Terminal = ownTerminal()): Promise<void> => {
  try {
    terminal.stdout.write(`${await work()}\n`);
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown error';
    terminal.stderr.write(`${isOperatorError(error) ? error.message : `The command failed (${name}).`}\n`);
    terminal.exitCode = 1;
  }
};

const ownTerminal = (): Terminal => {
  reportLostOutput(process);
  return process;
};
