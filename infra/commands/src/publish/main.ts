import '@ums/kit/ignoreLoaderSettings';
import { runCommand } from '../runCommand.js';
import { publishCommand } from './publishCommand.js';

await runCommand(() => publishCommand(process.argv.slice(2), process.env, (line) => process.stderr.write(`${line}\n`)));
