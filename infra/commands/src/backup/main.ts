import '@ums/kit/ignoreLoaderSettings';
import { runCommand } from '../runCommand.js';
import { backupCommand } from './backupCommand.js';

await runCommand(() => backupCommand(process.argv.slice(2), process.env));
