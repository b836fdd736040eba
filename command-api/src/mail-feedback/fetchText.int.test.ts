import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { waitOf } from '@ums/kit/wait';
import { createFetchText } from './fetchText.js';

describe('what is fetched from SNS', () => {
  const fetchText = createFetchText();
  const servers: Server[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
  /** The caller checks that the URL is https at SNS, so plain text serves here. */
  const serve = async (answer: RequestListener): Promise<string> => {
    const server = createServer(answer);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  it('is the text of the answer', async () => {
    expect(await fetchText(await serve((_, response) => response.end('a certificate')))).toBe('a certificate');
  });

  it('is nothing after a redirect, a refusal, or more than 64 KiB', async () => {
    let followed = false;
    const other = await serve((_, response) => {
      followed = true;
      response.end('elsewhere');
    });
    const redirecting = await serve((_, response) => response.writeHead(302, { location: other }).end());
    expect([await fetchText(redirecting), followed]).toEqual([undefined, false]);
    expect(await fetchText(await serve((_, response) => response.writeHead(404).end('none')))).toBeUndefined();
    const endless = await serve((_, response) => {
      const more = (): void => {
        while (response.writable && response.write(Buffer.alloc(16_384))) if (response.destroyed) return;
      };
      response.on('drain', more);
      more();
    });
    expect(await fetchText(endless)).toBeUndefined();
  });

  it('F-03 is a dependency that is down when SNS fails, hangs or cannot be reached', async () => {
    const failing = await serve((_, response) => response.writeHead(500).end());
    const hanging = await serve(() => undefined);
    const limits = [];
    for (const url of [failing, 'http://127.0.0.1:2', hanging]) {
      const error = await fetchText(url).catch((failure: unknown) => failure);
      expect(error).toBeInstanceOf(DependencyUnavailable);
      limits.push(waitOf(error)?.limit);
    }
    expect(limits).toEqual(['answered with status 500', 'ECONNREFUSED', expect.stringContaining('2000')]);
  });
});
