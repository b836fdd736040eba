import { connect } from 'node:net';

export interface AwaitingRequest {
  /** Such as `POST /path`. */
  line: string;
  headers: Readonly<Record<string, string | number>>;
  /** Sent once the server asks for it. */
  body?: string | Buffer;
}

/**
 * Sends a request with `Expect: 100-continue` on a connection of its own. Resolves with all bytes received when the server
 * closes the connection, as it is asked to.
 */
export const sendAfterContinue = (port: number, { line, headers, body = '' }: AwaitingRequest): Promise<string> =>
  new Promise((resolve, reject) => {
    const all = { Host: 'a', Expect: '100-continue', Connection: 'close', ...headers };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    const socket = connect(port, '127.0.0.1', () => socket.write(`${line} HTTP/1.1\r\n${lines.join('')}\r\n`));
    let received = '';
    socket.on('data', (chunk) => {
      const wasAsked = received.includes(' 100 ');
      received += chunk;
      if (!wasAsked && received.includes(' 100 ')) socket.write(body);
    });
    socket.on('close', () => resolve(received));
    socket.on('error', reject);
  });
