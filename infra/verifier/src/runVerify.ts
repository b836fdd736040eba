import { Fault, UnusableInput } from './fault.js';

interface Terminal {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
  exitCode?: number | string | null | undefined;
}

const FAULT = 1;
const UNUSABLE = 2;

/**
 * Prints what was verified, or why not, in a line. The exit code is 0, 1 for a fault in what was given, 2 where nothing was
 * verified. An unexpected error shows its name alone, because its message may quote data.
 */
export const runVerify = async (work: () => Promise<string>, terminal: Terminal = process): Promise<void> => {
  try {
    terminal.stdout.write(`${await work()}\n`);
  } catch (error) {
    const isExpected = error instanceof Fault || error instanceof UnusableInput;
    const name = error instanceof Error ? error.name : 'unknown error';
    terminal.stderr.write(`${isExpected ? error.message : `The verifier failed (${name}).`}\n`);
    terminal.exitCode = error instanceof Fault ? FAULT : UNUSABLE;
  }
};
