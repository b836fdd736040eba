import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { TYPESCRIPT_LOADER } from '../../embedded/test/typescriptLoader.js';
import { type LostOutputOptions, reportLostOutput } from './lostOutput.js';

const lost = (code: string, options?: LostOutputOptions) => {
  const told: string[] = [];
  const stderr = Object.assign(new EventEmitter(), { write: (text: string) => told.push(text) });
  let exits = 0;
  const terminal = {
    ...{ stdout: new EventEmitter(), stderr, exitCode: undefined as number | string | null | undefined },
    exit: () => {
      exits += 1;
    },
  };
  reportLostOutput(terminal, options);
  for (let times = 0; times < 2; times++)
    terminal.stdout.emit('error', Object.assign(new Error('write failed'), { code }));
  stderr.emit('error', new Error('write failed'));
  return { told, exits, exitCode: terminal.exitCode };
};

describe('output that cannot be written', () => {
  const SENTENCE = 'The output could not be written (ENOSPC), at least its end is missing.\n';

  it('is reported once, and the work goes on', () => {
    expect(lost('ENOSPC')).toEqual({ told: [SENTENCE], exits: 0, exitCode: 1 });
  });

  it('ends a command that is for its output', () => {
    expect(lost('ENOSPC', { isPurpose: true })).toEqual({ told: [SENTENCE], exits: 2, exitCode: 1 });
  });

  it('is no failure when its reader ended', () => {
    expect(lost('EPIPE')).toEqual({ told: [], exits: 0, exitCode: undefined });
    expect(lost('EPIPE', { isPurpose: true })).toEqual({ told: [], exits: 2, exitCode: undefined });
  });

  it('fails a command that prints on a full disk', async () => {
    const full = await open('/dev/full', 'w');
    const cwd = await mkdtemp(join(tmpdir(), 'ums-output-'));
    const main = join(import.meta.dirname, 'composeEnv', 'main.ts');
    const child = spawn(process.execPath, ['--import', TYPESCRIPT_LOADER, main], {
      cwd,
      stdio: ['ignore', full.fd, 'pipe'],
    });
    const [told, [code]] = await Promise.all([text(child.stderr as Readable), once(child, 'exit')]);
    await full.close();
    await rm(cwd, { recursive: true });
    expect([told, code]).toEqual([SENTENCE, 1]);
  });
});
