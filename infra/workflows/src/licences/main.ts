import { StartRefused } from '@ums/kit/startRefused';
import { ROOT } from '../root.js';
import { runTool } from '../runTool.js';
import { licenceProblems } from './licenceProblems.js';
import { lockedPackages } from './lockedPackages.js';

await runTool(async () => {
  const packages = await lockedPackages(ROOT);
  const problems = licenceProblems(packages);
  if (problems.length > 0) throw new StartRefused(problems.join('\n'));
  return `The licences of ${packages.length} packages are allowed.`;
});
