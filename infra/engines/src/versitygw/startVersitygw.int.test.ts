import { createServer } from 'node:net';
import { beforeAll, expect, it } from '@jest/globals';
import { openS3Storage } from '@ums/kit/object-storage/s3Storage';
import { bucketOn, createBucket } from '../../test/bucketOn.js';
import { describeOnOwn } from '../../test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, ownVersitygw, temporaryFolder } from '../../test/engineForTests.js';
import { PortTaken } from '../realEngineFailed.js';
import type { Versitygw } from './startVersitygw.js';

describeOnOwn(['versitygw'], 'startVersitygw', () => {
  let dataDir: string;
  let gateway: Versitygw;
  beforeAll(async () => {
    dataDir = await temporaryFolder('ums-versitygw-');
    gateway = await ownVersitygw({ dataDir });
    await createBucket(gateway);
    await put('first');
  }, ENGINE_START_TIMEOUT_MS);

  const storage = () => openS3Storage(bucketOn(gateway), { timeoutMs: 10_000 });
  const put = (key: string) => storage().put(key, Buffer.from(key), { contentType: 'text/plain', maxBytes: 10 });
  const sizes = async (...keys: string[]) =>
    (await Promise.all(keys.map((key) => storage().head(key)))).map((info) => info?.size);

  it('keeps objects and port over a restart', async () => {
    const before = gateway;
    await gateway.stop();
    gateway = await ownVersitygw({ dataDir });
    expect(gateway.url).toBe(before.url);
    expect(await sizes('first')).toEqual([5]);
  }, 300_000);

  it('keeps acknowledged objects over kill -9, on another port', async () => {
    const before = gateway;
    await put('second');
    await gateway.kill();
    gateway = await ownVersitygw({ dataDir, port: 0 });
    expect(gateway.port).not.toBe(before.port);
    expect(await sizes('first', 'second')).toEqual([5, 6]);
  }, 300_000);

  it('chooses a new port when another program listens on the kept one, but not instead of a fixed one', async () => {
    const { port } = gateway;
    await gateway.stop();
    const other = createServer();
    await new Promise<void>((resolve) => void other.listen(port, '127.0.0.1', resolve));
    await expect(ownVersitygw({ dataDir, port })).rejects.toThrow(PortTaken);
    gateway = await ownVersitygw({ dataDir });
    other.close();
    expect(gateway.port).not.toBe(port);
  }, 300_000);
});
