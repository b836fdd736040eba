import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { atEndOfFile } from '../../../engines/test/atEndOfFile.js';
import { smokeTest } from './smokeTest.js';

const serviceThat = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  atEndOfFile(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

describe('smokeTest', () => {
  it('passes when every path is answered with 200, below the path of the URL', async () => {
    const asked: string[] = [];
    const url = await serviceThat((request, response) => {
      asked.push(request.url ?? '');
      response.end();
    });
    expect(await smokeTest(`${url}/users/`)).toContain(`${url}/users works:\n/health/ready: 200\n`);
    expect(asked).toContain('/users/openapi.json');
  });

  it.each([204, 301, 404, 500, 503])('fails for a %d on one path', async (status) => {
    const url = await serviceThat((request, response) => {
      response.statusCode = request.url === '/openapi.json' ? status : 200;
      response.setHeader('location', '/').end();
    });
    await expect(smokeTest(url)).rejects.toThrow(new RegExp(`does not work:[^]*: 200[^]*/openapi.json: ${status}`));
  });

  it('fails for a service that does not answer', async () => {
    const url = await serviceThat((request, response) => {
      if (request.url !== '/health/ready') response.end();
    });
    await expect(smokeTest(url, 200)).rejects.toThrow('/health/ready: no answer in 200 ms');
  });

  it('fails where nothing listens', async () => {
    await expect(smokeTest('http://127.0.0.1:1')).rejects.toThrow('/health/ready: no connection');
  });

  it.each(['', 'users.example.org', 'ftp://x', 'https://'])('says its usage for "%s"', async (url) => {
    await expect(smokeTest(url)).rejects.toThrow('npm run -s smoke -- <URL of the service>');
  });
});
