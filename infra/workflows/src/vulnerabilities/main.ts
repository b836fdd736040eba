import { ROOT } from '../root.js';
import { runTool } from '../runTool.js';
import { checkVulnerabilities } from './checkVulnerabilities.js';

await runTool(async () => {
  const { text, exitCode } = await checkVulnerabilities(ROOT);
  process.exitCode = exitCode;
  return text;
});
