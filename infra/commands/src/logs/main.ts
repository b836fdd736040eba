import { runCommand } from '../runCommand.js';
import { logsCommand } from './logsCommand.js';

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
// The reader of a pipe, such as `head`, may end first.
process.stdout.once('error', () => process.exit());

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
await runCommand(() => logsCommand(process.argv.slice(2), process.env, { print, signal: interrupted.signal }));
