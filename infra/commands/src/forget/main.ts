import '@ums/kit/ignoreLoaderSettings';
import { runCommand } from '../runCommand.js';
import { withoutArguments } from '../withoutArguments.js';
import { forgetCommand } from './forgetCommand.js';

await runCommand(() => withoutArguments('forget', process.argv.slice(2), () => forgetCommand(process.env)));
