import '@ums/kit/ignoreLoaderSettings';
import { runCommand } from '../runCommand.js';
import { appoint } from './appoint.js';

await runCommand(() => appoint(process.argv.slice(2), process.env));
