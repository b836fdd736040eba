import '@ums/kit/ignoreLoaderSettings';
import { runCommand } from '../runCommand.js';
import { exportLogCommand } from './exportLogCommand.js';

await runCommand(() => exportLogCommand(process.argv.slice(2), process.env));
