import '@ums/kit/ignoreLoaderSettings';
import { runCommand } from '../runCommand.js';
import { progressDisplay } from './progressDisplay.js';
import { projectionsCommand } from './projectionsCommand.js';

await runCommand(() => projectionsCommand(process.argv.slice(2), process.env, progressDisplay(process.stderr)));
