import { runVerify } from './runVerify.js';
import { verifyCommand } from './verifyCommand.js';

// A result that could not be written, such as to a full disk, is no fault in what was given, which exit code 1 says.
process.stdout.on('error', () => {
  process.exitCode = 2;
});
process.stderr.on('error', () => undefined);

await runVerify(() => verifyCommand(process.argv.slice(2)));
