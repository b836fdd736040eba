import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openS3Storage } from '@ums/kit/object-storage/s3Storage';
import { testObjectStorage } from '../../../infra/embedded/test/objectStorage.js';

/** What happens to a request: `refuse` answers 403, `cut` closes its connection without an answer. */
export type Treatment = 'pass' | 'refuse' | 'cut';

/** Requests on a busy machine may take longer than the default grants. */
export const PATIENT = { timeoutMs: 20_000 };

const REFUSAL = '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>';

/** An embedded S3 behind a proxy that sees each request and can make it fail. */
export const s3WithFaults = async () => {
  const s3 = await testObjectStorage();
  let treat: (call: IncomingMessage) => Treatment = () => 'pass';
  const calls: IncomingMessage[] = [];
  const server = createServer((call, answer) => {
    calls.push(call);
    const treatment = treat(call);
    if (treatment === 'cut') {
      call.destroy();
      return;
    }
    if (treatment === 'refuse') {
      call.resume();
      answer.writeHead(403, { 'content-type': 'application/xml' }).end(REFUSAL);
      return;
    }
    const target = new URL(call.url ?? '/', s3.access.endpoint);
    const forwarded = request(target, { method: call.method ?? 'GET', headers: call.headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 500, reply.headers);
      reply.pipe(answer);
    });
    forwarded.on('error', () => answer.destroy());
    call.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const direct = openS3Storage(s3.access, PATIENT);
  return {
    /** Of the proxy. */
    access: { ...s3.access, endpoint: `http://127.0.0.1:${port}` },
    /** Without the proxy. */
    direct,
    /** Decides on each request from now on. */
    treat: (decide: typeof treat) => {
      treat = decide;
    },
    /** Requests since the last call of this function. */
    takeCalls: () => calls.splice(0),
    close: async () => {
      direct.close();
      await ended(server);
      await s3.close();
    },
  };
};

const ended = (server: Server): Promise<unknown> => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
};
