import '@ums/kit/ignoreLoaderSettings';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { reportLostOutput } from '../lostOutput.js';
import { runCommand } from '../runCommand.js';
import { replayCommand } from './replayCommand.js';
import { replayDisplay } from './replayDisplay.js';

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
reportLostOutput(process, { isPurpose: true });

const { signal } = interrupted;
const terminal = {
  write: async (text: string) => {
    // Not ended by the signal: what was taken gets printed, so a replay that continues must not repeat it.
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  },
  display: replayDisplay(process),
  pause: (ms: number) => sleep(ms, undefined, { signal }),
  signal,
};

// The result is on stdout, where the closing sentence would be taken for a part of it.
await runCommand(() => replayCommand(process.argv.slice(2), process.env, terminal), {
  stdout: process.stderr,
  stderr: process.stderr,
  set exitCode(code: number) {
    process.exitCode = code;
  },
});
