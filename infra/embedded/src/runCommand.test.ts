import { describe, expect, it } from '@jest/globals';
import { EngineFailed } from './engineFailed.js';
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

const refusing = (error: unknown) => () => Promise.reject(error);

describe("an operator's command", () => {
  it('prints its answer', async () => {
    const host = terminal();
    await runCommand(async () => 'Done.', host);
    expect([host.written, host.exitCode]).toEqual([{ out: 'Done.\n', err: '' }, undefined]);
  });

  it('prints the sentence it refuses with and exits with 1', async () => {
    const host = terminal();
    await runCommand(refusing(new EngineFailed('No service runs.')), host);
    expect([host.written, host.exitCode]).toEqual([{ out: '', err: 'No service runs.\n' }, 1]);
  });

  it.each([
    [new TypeError('ada@example.org'), 'TypeError'],
    ['ada@example.org', 'unknown error'],
  ])('L-02 shows of an unknown error its name alone', async (error, name) => {
    const host = terminal();
    await runCommand(refusing(error), host);
    expect([host.written, host.exitCode]).toEqual([{ out: '', err: `The command failed (${name}).\n` }, 1]);
  });
});
