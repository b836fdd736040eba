import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { startProgram } from '../engineProcess.js';
import { type GoRecipe, installGoProgram } from '../install/installGoProgram.js';
import type { OnProgress } from '../install/installOnce.js';
import { startOnPorts } from '../ports.js';
import type { RealEngineFailed } from '../realEngineFailed.js';
import { untilOk } from '../untilOk.js';
import { waitUntilReady } from '../waitUntilReady.js';

export const VERSITYGW: GoRecipe = {
  name: 'versitygw',
  version: '1.8.0',
  source: 'github.com/versity/versitygw/cmd/versitygw',
};

export interface VersitygwOptions {
  /** The data folder; created when missing. A restart on it keeps objects and port. */
  dataDir: string;
  /** 0: a new port, chosen by the system. @default the port of the last start on this folder, else a new one */
  port?: number;
  /** Called with the progress of the first start, which downloads and compiles versitygw. */
  onProgress?: OnProgress;
  /** Called when the gateway ends without `stop` or `kill`. */
  onFatal?: (error: RealEngineFailed) => void;
}

export interface Versitygw {
  /** `http://127.0.0.1:<port>`, an S3 endpoint for path-style requests. */
  url: string;
  port: number;
  version: string;
  pid: number;
  /** New at each start. */
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** Ends the gateway in order. */
  stop(): Promise<void>;
  /** Ends the gateway with SIGKILL. */
  kill(): Promise<void>;
}

const LABEL = `${VERSITYGW.name} ${VERSITYGW.version}`;

/**
 * Runs its arguments as a command and ends that with its whole process group once stdin is closed, so that it never outlives
 * the process that started it, even if that process is killed.
 */
const GUARD = 'exec 3<&0; { while read -r _ <&3; do :; done; kill 0; } >/dev/null 2>&1 & exec "$@" 3<&- </dev/null';

/**
 * Starts versitygw on 127.0.0.1: the S3 API on a folder, with signatures checked and versioning available. It needs a file
 * system with extended attributes. The first start downloads and compiles it with Go.
 * @throws RealEngineFailed with the gateway's last lines; nothing is left running then.
 */
export const startVersitygw = async ({
  dataDir: folder,
  port,
  onProgress = () => undefined,
  onFatal = () => undefined,
}: VersitygwOptions): Promise<Versitygw> => {
  const program = await installGoProgram(VERSITYGW, onProgress);
  const dataDir = resolve(folder);
  const [buckets, versions] = [join(dataDir, 'buckets'), join(dataDir, 'versions')];
  for (const each of [buckets, versions]) await mkdir(each, { recursive: true, mode: 0o700 });
  const credentials = { accessKeyId: randomKey(), secretAccessKey: randomKey() };
  const launch = async (ports: { s3: number }): Promise<Versitygw> => {
    // Another gateway that listens on the port does not answer on this path.
    const health = `/health-${randomKey()}`;
    const args = ['--port', `127.0.0.1:${ports.s3}`, '--quiet', '--health', health];
    const gateway = await startProgram({
      label: LABEL,
      program: '/bin/sh',
      args: ['-c', GUARD, 'sh', program, ...args, 'posix', '--versioning-dir', versions, buckets],
      // Nothing else, because it reads many variables itself.
      env: {
        PATH: process.env.PATH,
        ROOT_ACCESS_KEY: credentials.accessKeyId,
        ROOT_SECRET_KEY: credentials.secretAccessKey,
      },
    });
    const url = `http://127.0.0.1:${ports.s3}`;
    await waitUntilReady(gateway, (signal) => untilOk(`${url}${health}`, signal));
    let ending = false;
    const end = (how: () => Promise<void>) => () => {
      ending = true;
      return how();
    };
    void gateway.ended.then((how) => ending || onFatal(gateway.failure(`ended unexpectedly (${how})`)));
    const { version } = VERSITYGW;
    const [stop, kill] = [end(gateway.stop), end(gateway.kill)];
    return { url, port: ports.s3, version, pid: gateway.pid, credentials, stop, kill };
  };
  return await startOnPorts({ dataDir, names: ['s3'], fixed: port === undefined ? {} : { s3: port } }, launch);
};

const KEY_BYTES = 20;
const randomKey = (): string => randomBytes(KEY_BYTES).toString('hex');
