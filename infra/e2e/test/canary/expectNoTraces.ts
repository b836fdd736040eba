import { join } from 'node:path';
import { expect } from '@jest/globals';
import { CANARY } from '../../../../notifier/test/pictures/exif.js';
import { filesContaining } from '../../../embedded/test/filesContaining.js';
import { execute } from '../../../embedded/test/postgres.js';
import { filesWithTraces } from '../../../embedded/test/traceFinder.js';
import { until } from '../../../kit/test/until.js';
import type { Canary } from './registerCanary.js';

/**
 * Personal data is sealed in the log and in clear in the read model; the vault has wrapped keys and address MACs. The upload of
 * a picture is deleted once its squares are made.
 */
export const IN_CLEAR = ['email', 'newemail', 'name', 'newname', 'wrapped', 'mac', 'newMac', 'square'];

/** Waits until the upload of the picture is deleted, which comes after its squares are shown. */
export const untilUploadDeleted = (dataDir: string): Promise<void> =>
  until(async () => (await filesContaining(join(dataDir, 's3'), [CANARY])).length === 0);

/**
 * Checks that an erased user leaves no trace in the data folder, while the service runs and after its end.
 *
 * @param postgres URL of the database `postgres`, as the superuser
 * @param forget removes deleted rows from the disk
 */
export const expectNoTraces = async (
  { traces, kept, erase }: Canary,
  { dataDir, postgres }: { dataDir: string; postgres: string },
  { forget, end }: { forget: () => Promise<unknown>; end: () => Promise<unknown> },
): Promise<void> => {
  await untilUploadDeleted(dataDir);
  await execute(postgres, 'checkpoint');
  expect(Object.keys(await filesWithTraces(dataDir, traces)).sort()).toEqual([...IN_CLEAR].sort());
  await erase();
  await forget();
  expect(await filesWithTraces(dataDir, traces)).toEqual({});
  await end();
  expect(await filesWithTraces(dataDir, traces)).toEqual({});
  expect(Object.keys(await filesWithTraces(dataDir, { kept }))).toEqual(['kept']);
};
