import '@ums/kit/ignoreLoaderSettings';
import { terminalLeaver } from '@ums/kit/leaveTerminal';
import { isOperatorError } from '@ums/kit/startRefused';
import { onStdoutFailure } from '@ums/kit/stdoutFailure';
import { readArguments, startStandalone } from './startStandalone.js';

const CLOSE_TIMEOUT_MS = 10_000;

/** Resolves at the first signal, or with the error that ends the server. */
let end: (error?: Error) => void = () => undefined;
const ended = new Promise<Error | undefined>((resolve) => {
  end = resolve;
});
// Registered before the start: a signal during it must not end this process before Postgres has ended.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP']) process.on(signal, () => end());

onStdoutFailure((error) => end(error));

const leaveTerminal = terminalLeaver();
process.on('SIGHUP', () => process.once('exit', leaveTerminal));

const exit = (error?: unknown): never => {
  if (error === undefined) process.exit(0);
  process.stderr.write(`${isOperatorError(error) ? error.message : 'The event log server failed.'}\n`);
  process.exit(1);
};

try {
  const store = await startStandalone(readArguments(process.argv.slice(2)), (error) => end(error));
  process.stdout.write(`ready ${store.url}\n`);
  const error = await ended;
  setTimeout(() => exit(error ?? new Error('closing took too long')), CLOSE_TIMEOUT_MS).unref();
  await store.close();
  exit(error);
} catch (error) {
  exit(error);
}
