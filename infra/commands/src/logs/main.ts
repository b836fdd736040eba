import '@ums/kit/ignoreLoaderSettings';
import { reportLostOutput } from '../lostOutput.js';
import { runCommand } from '../runCommand.js';
import { logsCommand } from './logsCommand.js';

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
reportLostOutput(process, { isPurpose: true });

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
await runCommand(() => logsCommand(process.argv.slice(2), process.env, { print, signal: interrupted.signal }), process);
