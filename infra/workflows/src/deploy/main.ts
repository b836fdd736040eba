import { runTool } from '../runTool.js';
import { deployCommand } from './deployCommand.js';

await runTool(() => deployCommand(process.argv.slice(2), (line) => process.stdout.write(`${line}\n`)));
