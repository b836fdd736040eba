import { runCommand } from '../runCommand.js';
import { forgetCommand } from './forgetCommand.js';

await runCommand(() => forgetCommand(process.env));
