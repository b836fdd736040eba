import '@ums/kit/ignoreLoaderSettings';
import { resolve } from 'node:path';
import { runCommand } from '../runCommand.js';
import { writeComposeEnv } from './writeComposeEnv.js';

// npm runs scripts in the folder of package.json, beside docker-compose.yml.
await runCommand(() => writeComposeEnv(process.argv.slice(2), resolve('.env')));
