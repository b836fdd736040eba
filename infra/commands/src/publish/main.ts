import { runCommand } from '../runCommand.js';
import { republish } from './republish.js';

await runCommand(() => republish(process.argv.slice(2), process.env, (line) => process.stderr.write(`${line}\n`)));
