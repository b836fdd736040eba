/**
 * Compares the AsyncAPI document with the released one and refuses changes that break consumers:
 * `node infra/asyncapi/checkContract.mjs [--release] [<released document> <document>]`
 *
 * `--release` replaces the released document by the current one.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { contractChanges } from './contractChanges.mjs';
import { DOCUMENT, RELEASED, readJson } from './contractFiles.mjs';

const { values, positionals } = parseArgs({ options: { release: { type: 'boolean' } }, allowPositionals: true });
const [releasedPath = RELEASED, documentPath = DOCUMENT] = positionals;
const [released, document] = [await readJson(releasedPath), await readJson(documentPath)];
const { breaking, compatible } = contractChanges(released, document);
const [before, after] = [released.info.version, document.info.version];

const list = (lines) => lines.map((line) => `  ${line}\n`).join('');

/** Whether the first version, of numbers separated by dots, is the higher one. */
const isHigher = (one, other) => one.localeCompare(other, 'en', { numeric: true }) > 0;

const refusal = () => {
  if (breaking.length > 0)
    return `These changes break consumers of release ${before}; publish a new version of the message or topic beside the old one instead:\n${list(breaking)}`;
  if (compatible.length > 0 && !isHigher(after, before))
    return `The contract has changed since release ${before}; raise VERSION in infra/asyncapi/asyncApiDocument.mjs:\n${list(compatible)}`;
  return undefined;
};

const refused = refusal();
if (refused !== undefined) {
  process.stderr.write(refused);
  process.exitCode = 1;
} else {
  process.stdout.write(
    compatible.length === 0
      ? `The contract is that of release ${before}.\n`
      : `Version ${after} breaks no consumer of release ${before}. Changes:\n${list(compatible)}`,
  );
  if (values.release) await writeFile(releasedPath, `${JSON.stringify(document, null, 2)}\n`);
}
