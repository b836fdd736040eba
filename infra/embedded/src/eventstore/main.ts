import { EngineFailed } from '../engineFailed.js';
import { readArguments, startStandalone } from './startStandalone.js';

const fail = (error: unknown) => {
  process.stderr.write(`${error instanceof EngineFailed ? error.message : 'The event log server failed.'}\n`);
  process.exit(1);
};

try {
  const store = await startStandalone(readArguments(process.argv.slice(2)), fail);
  const stopSignal = new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, resolve);
  });
  process.stdout.write(`ready ${store.url}\n`);
  await stopSignal;
  await store.close();
  process.exit(0);
} catch (error) {
  fail(error);
}
