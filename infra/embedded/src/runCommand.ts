import { isPrintable } from '@ums/kit/startRefused';

interface Terminal {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
  exitCode?: number | string | null | undefined;
}

/**
 * Runs an operator's command: prints the sentence it answers, or the one it refuses with and exit code 1. Of an error that
 * was not written for a terminal only the name is shown; its text may quote data.
 */
export async function runCommand(work: () => Promise<string>, terminal: Terminal = process): Promise<void> {
  try {
    terminal.stdout.write(`${await work()}\n`);
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown error';
    terminal.stderr.write(`${isPrintable(error) ? error.message : `The command failed (${name}).`}\n`);
    terminal.exitCode = 1;
  }
}
