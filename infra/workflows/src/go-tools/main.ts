import { isOperatorError } from '@ums/kit/startRefused';
import { runGoTool } from './runGoTool.js';

try {
  process.exitCode = await runGoTool(process.argv.slice(2));
} catch (error) {
  if (!isOperatorError(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
