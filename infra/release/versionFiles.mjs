import { withRelease } from './changelog.mjs';

const printed = (json) => `${JSON.stringify(json, null, 2)}\n`;

/** A manifest, or its entry in the lock file, with another version of itself and of the workspaces that it depends on. */
const withVersion = (manifest, version) => {
  const changed = { ...manifest, version };
  for (const kind of ['dependencies', 'devDependencies']) {
    if (manifest[kind] === undefined) continue;
    const entries = Object.entries(manifest[kind]);
    changed[kind] = Object.fromEntries(
      entries.map(([name, range]) => [name, name.startsWith('@ums/') ? version : range]),
    );
  }
  return changed;
};

const manifest = (text, version) => printed(withVersion(JSON.parse(text), version));

/** The entries of the root and of the workspaces are not below `node_modules`; links to workspaces have no version. */
const lockFile = (text, version) => {
  const lock = JSON.parse(text);
  const packages = Object.entries(lock.packages).map(([path, entry]) => [
    path,
    path.includes('node_modules/') ? entry : withVersion(entry, version),
  ]);
  return printed({ ...lock, version, packages: Object.fromEntries(packages) });
};

const composeFile = (text, version) => text.replace(/(image: user-management-service:)\S+/, `$1${version}`);

/** Every file that has the version of the repository, by path, each with a function that makes its text for another version. */
export const versionFiles = (workspaces, date) => ({
  'package.json': manifest,
  ...Object.fromEntries(workspaces.map((workspace) => [`${workspace}/package.json`, manifest])),
  'package-lock.json': lockFile,
  'docker-compose.yml': composeFile,
  'CHANGELOG.md': (text, version) => withRelease(text, version, date),
});
