import { relative } from 'node:path';
import { coverageFaults } from './coverageFaults.mjs';

const measured = (map, root) =>
  map.files().map((path) => {
    const { covered, total } = map.fileCoverageFor(path).toSummary().lines;
    return { path: relative(root, path), covered, total };
  });

/**
 * Reporter that holds the coverage of a run with `--coverage` to its floor and ends the output with `N passed, N failed`
 * alone on the last line. A coverage below the floor and a suite that could not run count as failed.
 */
export default class CoverageGate {
  constructor({ rootDir, collectCoverage }) {
    this.rootDir = rootDir;
    this.collectCoverage = collectCoverage;
  }

  onRunComplete(_contexts, results) {
    // Coverage is merged and the last reporter has spoken only when the process ends.
    process.once('exit', () => this.conclude(results));
  }

  conclude({ numPassedTests, numFailedTests, numRuntimeErrorTestSuites, coverageMap }) {
    const files = coverageMap ? measured(coverageMap, this.rootDir) : [];
    const faults = this.collectCoverage ? coverageFaults(files) : [];
    for (const fault of faults) process.stdout.write(`coverage: ${fault}\n`);
    if (faults.length > 0) process.exitCode = 1;
    const failed = numFailedTests + numRuntimeErrorTestSuites + (faults.length > 0 ? 1 : 0);
    process.stdout.write(`${numPassedTests} passed, ${failed} failed\n`);
  }
}
