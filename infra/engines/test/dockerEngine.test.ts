import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { atEndOfFile, temporaryFolder } from './atEndOfFile.js';
import { dockerAnswers } from './dockerEngine.js';

/** The environment with a Docker engine that answers like `listener`. */
const engine = async (listener: RequestListener) => {
  const socket = join(await temporaryFolder('ums-docker-'), 'docker.sock');
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  atEndOfFile(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { DOCKER_HOST: `unix://${socket}` };
};

describe('dockerAnswers', () => {
  it('holds where the engine answers its ping', async () => {
    const env = await engine((request, response) => response.writeHead(request.url === '/_ping' ? 200 : 404).end('OK'));
    expect(await dockerAnswers(env, 20_000)).toBe(true);
  });

  it('does not hold where the engine is absent, refuses or hangs', async () => {
    expect(await dockerAnswers({ DOCKER_HOST: 'unix:///nowhere/docker.sock' })).toBe(false);
    expect(await dockerAnswers(await engine((_request, response) => response.writeHead(500).end()))).toBe(false);
    expect(await dockerAnswers(await engine(() => undefined))).toBe(false);
  });
});
