import '@ums/kit/ignoreLoaderSettings';
import { runCommand } from '../runCommand.js';
import { restoreDrill } from './restoreDrill.js';

const interrupted = new AbortController();
// The second one ends the process at once, and leaves the copy.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interrupted.abort());
const print = (line: string) => process.stdout.write(`${line}\n`);

await runCommand(() => restoreDrill(process.argv.slice(2), print, interrupted.signal));
