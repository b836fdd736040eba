import { runCommand } from '../runCommand.js';
import { createDatabases } from './createDatabases.js';

await runCommand(() => createDatabases(process.env));
