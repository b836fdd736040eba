import { runTool } from '../runTool.js';
import { smokeTest } from './smokeTest.js';

await runTool(() => smokeTest(process.argv[2] ?? ''));
