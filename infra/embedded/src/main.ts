import '@ums/kit/ignoreLoaderSettings';
import { run } from '@ums/kit/lifecycle';
import { createLog } from '@ums/kit/log';
import { shipLogs } from '@ums/kit/log-shipping/startLogShipping';
import { readArguments, WITH_ENGINES } from './readArguments.js';
import { readSettings } from './readSettings.js';
import { start } from './start.js';
import { welcome } from './welcome.js';

const logFor = (service: string) => createLog({ service });
const log = logFor('process');
const args = process.argv.slice(2);

/** Longer than the stop of a real engine on a busy machine. */
const ENGINES_CLOSE_TIMEOUT_MS = 60_000;

await run(
  async (onClose) => {
    const { withEngines } = readArguments(args, process.env);
    // Ends the process like an unhandled rejection: logged, closed in order, exit code 1.
    const onFatal = (error: Error) => void Promise.reject(error);
    const config = readSettings(process.env);
    onClose(shipLogs(config, log));
    const interruption = new AbortController();
    const onProgress = (text: string) => void process.stderr.write(`${text}\n`);
    const realEngines = withEngines ? { onProgress, signal: interruption.signal } : undefined;
    const starting = start({ config, env: process.env, logFor, onFatal, realEngines });
    // Registered at once: a signal during the start must not end this process before Postgres has ended.
    onClose(async () => {
      interruption.abort();
      const started = await starting.catch(() => undefined);
      await started?.close();
    });
    const running = await starting;
    process.stdout.write(welcome(running));
  },
  { log, ...(args.includes(WITH_ENGINES) && { deadlineMs: ENGINES_CLOSE_TIMEOUT_MS }) },
);
