import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from './runProgram.js';

/** A Maven project that depends on artifacts, each given as `group:artifact:version`. */
export const pomOf = (artifacts: readonly string[]): string => {
  const dependencies = artifacts.map((artifact) => {
    const [group, name, version] = artifact.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion>
<groupId>local</groupId><artifactId>engine</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>
${dependencies.join('\n')}
</dependencies>
</project>
`;
};

export interface MavenOptions {
  mvn: string;
  artifacts: readonly string[];
  /** Receives `pom.xml` and `lib/`. */
  folder: string;
  /** Called about once a second with the number of files that Maven has downloaded so far. */
  onDownloaded: (files: number) => void;
}

const REPORT_EVERY_MS = 1000;

/**
 * Copies the jars of the artifacts and of their runtime dependencies into `<folder>/lib`.
 * @throws RealEngineFailed with Maven's last lines.
 */
export const copyMavenJars = async ({ mvn, artifacts, folder, onDownloaded }: MavenOptions): Promise<void> => {
  const pom = join(folder, 'pom.xml');
  await writeFile(pom, pomOf(artifacts));
  let files = 0;
  let reportedAt = performance.now();
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${join(folder, 'lib')}`];
  await runProgram(mvn, ['-B', '-f', pom, ...goal], (line) => {
    if (!line.includes('Downloaded from')) return;
    files++;
    if (performance.now() - reportedAt < REPORT_EVERY_MS) return;
    reportedAt = performance.now();
    onDownloaded(files);
  });
};
