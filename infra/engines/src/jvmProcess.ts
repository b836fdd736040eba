import { join } from 'node:path';
import { type EngineProcess, startProgram } from './engineProcess.js';
import { type Installation, LOG_SETTINGS } from './install/installEngine.js';
import { jvmEnvironment } from './jvmEnvironment.js';

export interface JvmOptions {
  /** For messages, for example `Kafka 4.4.0`. */
  label: string;
  installation: Installation;
  /** No two processes run on the same folder at once; the second waits 20 s for the first to end. */
  dataDir: string;
  options: readonly string[];
  /** The class whose main method is run, and its arguments. */
  main: readonly string[];
}

const COMMON_OPTIONS = [
  '-Xmx512m',
  '-XX:+UseSerialGC',
  `-Dlog4j2.configurationFile=${LOG_SETTINGS}`,
  '-Dlog4j2.disable.jmx=true',
];
const DAMAGED_JAR =
  /ClassNotFoundException|NoClassDefFoundError|ClassFormatError|Could not find or load main class|ZipException|error in opening zip/;

/**
 * Starts a JVM that Guard.java ends when this process ends.
 * @throws RealEngineFailed when `java` cannot be run.
 */
export const startJvm = ({ label, installation, dataDir, options, main }: JvmOptions): Promise<EngineProcess> => {
  const { java, folder, classPath } = installation;
  const damaged = `A file of its installation may be damaged: delete ${folder} and start again.`;
  return startProgram({
    label,
    program: java,
    env: jvmEnvironment(),
    args: [...COMMON_OPTIONS, ...options, '-cp', classPath, 'Guard', join(dataDir, 'lock'), ...main],
    adviceFor: (line) => (DAMAGED_JAR.test(line) ? damaged : undefined),
  });
};
