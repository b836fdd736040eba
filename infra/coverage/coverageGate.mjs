import { relative } from 'node:path';
import { coverageShortfalls } from './coverageShortfalls.mjs';

const measured = (map, root) =>
  map.files().map((path) => {
    const { covered, total } = map.fileCoverageFor(path).toSummary().lines;
    return { path: relative(root, path), covered, total };
  });

/**
 * Jest reporter that fails a run with `--coverage` whose coverage is below the minimum. Its last line of output is always
 * `N passed, N failed`; coverage below the minimum and each suite that could not run count as failed.
 */
export default class CoverageGate {
  constructor({ rootDir, collectCoverage }) {
    this.rootDir = rootDir;
    this.collectCoverage = collectCoverage;
  }

  onRunComplete(_contexts, results) {
    // Only at the exit of the process is coverage merged and the output of all other reporters written.
    process.once('exit', () => this.printResult(results));
  }

  printResult({ numPassedTests, numFailedTests, numRuntimeErrorTestSuites, coverageMap }) {
    const files = coverageMap ? measured(coverageMap, this.rootDir) : [];
    const shortfalls = this.collectCoverage ? coverageShortfalls(files) : [];
    for (const shortfall of shortfalls) process.stdout.write(`coverage: ${shortfall}\n`);
    if (shortfalls.length > 0) process.exitCode = 1;
    const failed = numFailedTests + numRuntimeErrorTestSuites + (shortfalls.length > 0 ? 1 : 0);
    process.stdout.write(`${numPassedTests} passed, ${failed} failed\n`);
  }
}
