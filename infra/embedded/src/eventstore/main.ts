import { EngineFailed } from '../engineFailed.js';
import { readArguments, startStandalone } from './standalone.js';

const fail = (error: unknown) => {
  process.stderr.write(`${error instanceof EngineFailed ? error.message : 'The event log server failed.'}\n`);
  process.exit(1);
};

try {
  const store = await startStandalone(readArguments(process.argv.slice(2)), fail);
  const stop = () => void store.close().then(() => process.exit(0), fail);
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.stdout.write(`ready ${store.url}\n`);
} catch (error) {
  fail(error);
}
