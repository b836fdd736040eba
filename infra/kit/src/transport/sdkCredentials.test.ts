import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { withEnvironment } from '../../../engines/test/withEnvironment.js';
import { sdkCredentials } from './sdkCredentials.js';

const FOUND = { AccessKeyId: 'AKIDEXAMPLE', SecretAccessKey: 'secret of tests', Token: 'session' };

describe('the credentials that the AWS SDK finds', () => {
  it('F-04 are asked for anew after their endpoint has not answered in time', async () => {
    const silent: RequestListener = () => undefined;
    const answers: RequestListener[] = [
      silent,
      (_, response) => void response.end(JSON.stringify({ ...FOUND, Expiration: '2099-01-01T00:00:00Z' })),
    ];
    const server = createServer((request, response) => answers.shift()?.(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const variables = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/`,
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    await withEnvironment(variables, async () => {
      const credentials = sdkCredentials(300);
      await expect(credentials()).rejects.toThrow();
      expect(await credentials()).toMatchObject({ accessKeyId: FOUND.AccessKeyId, sessionToken: FOUND.Token });
      expect(await credentials()).toMatchObject({ secretAccessKey: FOUND.SecretAccessKey });
      expect(answers).toEqual([]);
    });
    server.closeAllConnections();
    server.close();
  });
});
