/**
 * Writes a bill of materials in CycloneDX of what is installed with the service, for every platform, to `release/`:
 * `node infra/release/writeSbom.mjs`
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const [FOLDER, FILE] = ['release', 'sbom.cdx.json'];
const MODULES = 'node_modules/';
const MAX_BYTES = 64 * 1024 * 1024;

const args = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application'];
const all = JSON.parse(execFileSync('npm', args, { encoding: 'utf8', maxBuffer: MAX_BYTES }));
const { name, packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));

// `npm sbom --omit=dev` of npm 11 also omits what only workspaces depend on, so the lock file says what is left out.
const installed = new Set(
  Object.entries(packages)
    .filter(([, { dev }]) => !dev)
    .map(([path, entry]) => `${entry.name ?? path.slice(path.lastIndexOf(MODULES) + MODULES.length)}@${entry.version}`),
);
const components = all.components.filter((component) => installed.has(component['bom-ref']));
const kept = new Set([all.metadata.component, ...components].map((component) => component['bom-ref']));
const dependencies = all.dependencies
  .filter(({ ref }) => kept.has(ref))
  .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => kept.has(other)) }));
// npm takes the name of the folder.
const metadata = { ...all.metadata, component: { ...all.metadata.component, name } };

mkdirSync(FOLDER, { recursive: true });
writeFileSync(`${FOLDER}/${FILE}`, `${JSON.stringify({ ...all, metadata, components, dependencies }, null, 2)}\n`);
process.stdout.write(`${FOLDER}/${FILE} lists ${components.length} components.\n`);
