import { appoint } from './appoint.js';
import { runCommand } from './runCommand.js';

await runCommand(() => appoint(process.argv.slice(2), process.env));
