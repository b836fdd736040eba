import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Installation, LOG_SETTINGS } from './install/installEngine.js';
import { PortTaken, RealEngineFailed, withLastLines } from './realEngineFailed.js';

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

export interface JvmProcess {
  pid: number;
  /** Resolves when the process has ended, with `code 1` or `signal SIGKILL`. */
  ended: Promise<string>;
  onLine(listener: (line: string) => void): void;
  /** An error that says how the process failed, with its last lines. */
  failure(how: string): RealEngineFailed;
  /** Ends it in order (SIGTERM), also when it is stopped (SIGSTOP); kills it when that takes longer than a minute. */
  stop(): Promise<void>;
  /** Ends it at once (SIGKILL), and resolves when it has ended. */
  kill(): Promise<void>;
}

const LAST_LINES = 15;
/** Writing a class archive takes 12 s, and longer on a busy machine. */
const STOP_TIMEOUT_MS = 60_000;
const COMMON_OPTIONS = [
  '-Xmx512m',
  '-XX:+UseSerialGC',
  `-Dlog4j2.configurationFile=${LOG_SETTINGS}`,
  '-Dlog4j2.disable.jmx=true',
];
const STACK_FRAME = /^\s+(at |\.\.\. \d+ (more|common))/;
const DAMAGED_JAR =
  /ClassNotFoundException|NoClassDefFoundError|ClassFormatError|Could not find or load main class|ZipException|error in opening zip/;

/**
 * Starts a JVM whose stdin stays open as long as this process lives; Guard.java ends the JVM when stdin is closed. It runs in
 * its own process group: Ctrl-C in a terminal reaches only this process, which stops the JVM in its turn.
 * @throws RealEngineFailed when `java` cannot be run.
 */
export const startJvm = async ({ label, installation, dataDir, options, main }: JvmOptions): Promise<JvmProcess> => {
  const { java, folder, classPath } = installation;
  const child = spawn(
    java,
    [...COMMON_OPTIONS, ...options, '-cp', classPath, 'Guard', join(dataDir, 'lock'), ...main],
    {
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  let portTaken = false;
  let jarDamaged = false;
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on('line', (line) => {
      portTaken ||= line.includes('Address already in use');
      jarDamaged ||= DAMAGED_JAR.test(line);
      if (!STACK_FRAME.test(line)) lines.push(line);
      if (lines.length > LAST_LINES) lines.shift();
      for (const listener of listeners) listener(line);
    });
  // A write to the closed stdin of an ended process.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => resolve(signal === null ? `code ${code}` : `signal ${signal}`));
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(new RealEngineFailed(`${label} cannot be started: ${java} cannot be run (${error.code}).`)),
    );
  });

  const failure = (how: string): RealEngineFailed => {
    const advice = jarDamaged ? ` A file of its installation may be damaged: delete ${folder} and start again.` : '';
    const message = withLastLines(`${label} ${how}.${advice}`, lines);
    return portTaken ? new PortTaken(message) : new RealEngineFailed(message);
  };
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  const stop = async () => {
    child.kill('SIGTERM');
    child.kill('SIGCONT');
    const timeout = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(timeout);
  };
  return {
    pid: child.pid as number,
    ended,
    onLine: (listener) => void listeners.add(listener),
    failure,
    stop,
    kill,
  };
};
