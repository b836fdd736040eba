import '@ums/kit/ignoreLoaderSettings';
import { runCommand } from '../runCommand.js';
import { writeMails } from './writeMails.js';

await runCommand(() => writeMails(process.argv.slice(2), process.env));
