import { runVerify } from './runVerify.js';
import { verifyCommand } from './verifyCommand.js';

await runVerify(() => verifyCommand(process.argv.slice(2)));
