import '@ums/kit/ignoreLoaderSettings';
import { progressOn } from '../progress/progressOn.js';
import { runCommand } from '../runCommand.js';
import { keysCommand } from './keysCommand.js';

await runCommand(() =>
  keysCommand(
    process.argv.slice(2),
    process.env,
    progressOn(process.stderr, () => performance.now()),
  ),
);
