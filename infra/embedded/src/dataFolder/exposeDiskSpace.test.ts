import { tmpdir } from 'node:os';
import { expect, it } from '@jest/globals';
import { metricsText } from '@ums/kit/metrics';
import { exposeDiskSpace } from './exposeDiskSpace.js';

const valueNamed = async (name: string): Promise<number> =>
  Number(new RegExp(`^${name} (\\d+)$`, 'm').exec((await metricsText()).text)?.[1]);

it('exposes free space and size of the file system of the data folder', async () => {
  const hide = exposeDiskSpace(tmpdir());
  const [free, size] = [await valueNamed('ums_data_dir_free_bytes'), await valueNamed('ums_data_dir_size_bytes')];
  expect(free).toBeGreaterThan(0);
  expect(size).toBeGreaterThanOrEqual(free);
  hide();
  expect(await valueNamed('ums_data_dir_free_bytes')).toBeNaN();
});
