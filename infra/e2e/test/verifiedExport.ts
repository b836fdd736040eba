import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { spawnProgram } from './spawnProgram.js';
import type { Processes } from './startProcesses.js';

/**
 * Exports the log as an operator does, into a new file of a folder, and verifies the export as an auditor does, with the key that
 * the service publishes and the checkpoints in the data folder. The notary must have signed one.
 *
 * @returns the export
 */
export const verifiedExport = async (
  { engines, publicUrl }: Processes,
  folder: string,
  name: string,
): Promise<Buffer> => {
  const [path, key, checkpoints] = ['ndjson', 'pub', 'checkpoints'].map((end) => join(folder, `${name}.${end}`)) as [
    ...[string, string, string],
  ];
  // Before the export: a later checkpoint covers events that the export does not have.
  await copyFile(join(engines.dataDir, 'checkpoints', 'checkpoints'), checkpoints);
  const urls = {
    EVENTSTORE_URL: engines.eventLog,
    DATABASE_URL: Object.assign(new URL(engines.postgres), { pathname: '/users' }).href,
  };
  const exporting = spawnProgram('infra/commands/dist/export-log/main.js', urls, [path]);
  expect([await exporting.ended, exporting.output().err]).toEqual([0, '']);
  await writeFile(key, await (await fetch(`${publicUrl}/.well-known/notary-keys`)).text());
  const verifying = spawnProgram('infra/verifier/dist/main.js', {}, [path, '--key', key, '--checkpoint', checkpoints]);
  expect([await verifying.ended, verifying.output().err]).toEqual([0, '']);
  return readFile(path);
};
