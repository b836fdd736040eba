import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '@ums/kit/postgres/errors';
import type { LockedPackage } from './licenceProblems.js';

interface LockEntry {
  name?: string;
  version?: string;
  license?: string;
  link?: boolean;
}

/** The form of manifests from before SPDX: `"licenses": [{ "type": "MIT" }]`. */
interface OldManifest {
  licenses?: readonly { type?: string }[];
}

/** All packages of other projects in `package-lock.json`, for every platform, with the licence that the lock file or the manifest names. */
export const lockedPackages = async (root: string): Promise<LockedPackage[]> => {
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockEntry>;
  };
  const others = Object.entries(packages).filter(([path, { link }]) => path.includes('node_modules/') && !link);
  return await Promise.all(
    others.map(async ([path, { name, version = '', license }]) => ({
      path,
      name: name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      licence: license ?? (await oldLicence(join(root, path, 'package.json'))),
    })),
  );
};

/** The licences of an old manifest, any of which may be chosen; undefined where it has none or is not installed here. */
const oldLicence = async (manifest: string): Promise<string | undefined> => {
  try {
    const { licenses = [] } = JSON.parse(await readFile(manifest, 'utf8')) as OldManifest;
    return licenses.flatMap(({ type }) => type ?? []).join(' OR ') || undefined;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    return undefined;
  }
};
