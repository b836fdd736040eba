import { describe, expect, it } from '@jest/globals';
import { EngineFailed } from '@ums/embedded/engineFailed';
import { runCommand } from './runCommand.js';

const terminal = () => {
  const written = { out: '', err: '' };
  const writer = (name: keyof typeof written) => ({
    write: (text: string) => {
      written[name] += text;
    },
  });
  const exitCode = undefined as number | string | null | undefined;
  return { written, stdout: writer('out'), stderr: writer('err'), exitCode };
};

const failing = (error: unknown) => () => Promise.reject(error);

describe("an operator's command", () => {
  it('prints its result', async () => {
    const host = terminal();
    await runCommand(async () => 'Done.', host);
    expect([host.written, host.exitCode]).toEqual([{ out: 'Done.\n', err: '' }, undefined]);
  });

  it('prints the message of an operator error and exits with 1', async () => {
    const host = terminal();
    await runCommand(failing(new EngineFailed('No service is running.')), host);
    expect([host.written, host.exitCode]).toEqual([{ out: '', err: 'No service is running.\n' }, 1]);
  });

  it.each([
    [new TypeError('ada@example.org'), 'TypeError'],
    ['ada@example.org', 'unknown error'],
  ])('L-02 shows only the name of an unexpected error', async (error, name) => {
    const host = terminal();
    await runCommand(failing(error), host);
    expect([host.written, host.exitCode]).toEqual([{ out: '', err: `The command failed (${name}).\n` }, 1]);
  });
});
