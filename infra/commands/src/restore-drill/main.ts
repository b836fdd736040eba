import { runCommand } from '../runCommand.js';
import { restoreDrill } from './restoreDrill.js';

await runCommand(() => restoreDrill(process.argv.slice(2), (line) => process.stdout.write(`${line}\n`)));
