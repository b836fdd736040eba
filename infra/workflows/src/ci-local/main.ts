import { ROOT } from '../root.js';
import { runTool } from '../runTool.js';
import { ciLocal } from './ciLocal.js';

await runTool(() => ciLocal(process.argv.slice(2), { root: ROOT }));
