import '@ums/kit/ignoreLoaderSettings';
import { runCommand } from '../runCommand.js';
import { withoutArguments } from '../withoutArguments.js';
import { createDatabases } from './createDatabases.js';

await runCommand(() => withoutArguments('databases', process.argv.slice(2), () => createDatabases(process.env)));
