import '@ums/kit/ignoreLoaderSettings';
import { runCommand } from '../runCommand.js';
import { deadLetterCommand } from './deadLetterCommand.js';

await runCommand(() => deadLetterCommand(process.argv.slice(2), process.env));
