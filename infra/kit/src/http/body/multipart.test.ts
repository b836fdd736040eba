import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Request } from 'express';
import fc from 'fast-check';
import { until } from '../../../test/until.js';
import { Refused } from '../../refused.js';
import { limitBody } from './limitBody.js';
import { readMultipart } from './multipart.js';

const BOUNDARY = 'the-boundary';
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

/** One part. Without a name, it has no Content-Disposition of a form. */
const part = (name: string | undefined, content: string | Buffer, more = ''): Buffer =>
  Buffer.concat([
    Buffer.from(
      `--${BOUNDARY}\r\nContent-Disposition: form-data${name === undefined ? '' : `; name="${name}"`}${more}\r\n\r\n`,
    ),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]);
const filePart = (content: string | Buffer, more = ''): Buffer => part('picture', content, `; filename="a.png"${more}`);
const END = Buffer.from(`--${BOUNDARY}--\r\n`);

describe('readMultipart', () => {
  let server: Server;
  let url: string;
  /** Files that were read and not discarded. */
  let kept: Buffer[];
  let outcomes: string[];
  let readFile: (content: Readable) => Promise<Buffer>;
  let signal: AbortSignal | undefined;
  /** Is awaited before a form is read. */
  let beforeReading: (request: IncomingMessage) => unknown = () => undefined;

  const answer = async (request: IncomingMessage): Promise<object> => {
    const file = {
      ...{ name: 'picture', maxBytes: 5_000_000, tooLarge: 'picture-too-large' },
      read: async (content: Readable, isNamed: boolean) => {
        const bytes = await readFile(content);
        if (!isNamed && bytes.length === 0) return undefined;
        kept.push(bytes);
        return bytes;
      },
      discard: async (bytes: Buffer) => void kept.splice(kept.indexOf(bytes), 1),
    };
    await beforeReading(request);
    // What it uses of Express's request is Node's.
    const form = await readMultipart(request as Request, file, signal);
    return { fields: form.fields, file: form.file && String(form.file) };
  };

  beforeAll(async () => {
    server = createServer((request, response) => {
      limitBody(request, response, () => undefined);
      void answer(request)
        .catch((error: Refused) => ({ slug: error.slug, errors: error.details.errors }))
        .then((body) => {
          outcomes.push(JSON.stringify(body));
          response.end(JSON.stringify(body));
        });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());

  const post = async (...parts: Buffer[]): Promise<unknown> => postAs(TYPE, Buffer.concat(parts));
  const postAs = async (type: string, body: Buffer): Promise<unknown> => {
    kept = [];
    outcomes = [];
    readFile ??= buffer;
    return (await fetch(url, { method: 'POST', headers: { 'content-type': type }, body })).json();
  };
  const refusal = (slug: string, field: string, message: string) => ({ slug, errors: [{ field, message }] });

  it('returns the text fields and the file, in any order', async () => {
    const picture = part('picture', 'the content', '; filename="../../a.svg"');
    for (const parts of [
      [picture, part('name', 'Zoë')],
      [part('name', 'Zoë'), picture],
    ])
      expect(await post(...parts, END)).toEqual({ fields: { name: 'Zoë' }, file: 'the content' });
    const emptyInput = '; filename=""\r\nContent-Type: application/octet-stream';
    expect(await post(part('picture', '', emptyInput), END)).toEqual({ fields: {} });
    expect(await post(END)).toEqual({ fields: {} });
  });

  it('reads a form whose boundary has characters that need quotes, with quotes and without', async () => {
    const boundary = "-XrQHxml_qhW/dc2hip09L(UM'L):QC3W?o.9,Oiq+W=z";
    const body = Buffer.from(
      Buffer.concat([part('name', 'Zoë'), END])
        .toString()
        .replaceAll(BOUNDARY, boundary),
    );
    for (const type of [
      `multipart/form-data; boundary=${boundary}`,
      `multipart/form-data;boundary="${boundary}"; charset=utf-8`,
      `multipart/form-data; charset=utf-8; Boundary=${boundary} ;x=y`,
      `multipart/form-data; charset=ISO-8859-1; boundary=${boundary}`,
    ])
      expect(await postAs(type, body)).toEqual({ fields: { name: 'Zoë' } });
    for (const type of [
      'multipart/form-data; boundary=',
      'multipart/form-data; boundary=""',
      'multipart/form-data; x=y',
      `${TYPE}; boundary=other`,
      `multipart/form-data; boundary=${'b'.repeat(71)}`,
      `multipart/form-data; boundary="${'b'.repeat(71)}"`,
      `${TYPE};Boundary ="other"`,
    ])
      expect(await postAs(type, body)).toEqual(
        refusal('body-unreadable', 'body', 'must have one boundary of at most 70 characters'),
      );
  });

  it('refuses a text that is encoded for transfer, which would change a password', async () => {
    const encoded = (encoding: string) => part('name', 'Qm9i', `\r\nContent-Transfer-Encoding: ${encoding}`);
    for (const encoding of ['base64', 'Quoted-Printable', 'x-other'])
      expect(await post(encoded(encoding), END)).toEqual(
        refusal('body-unreadable', 'body', 'must have no transfer encoding'),
      );
    for (const encoding of ['7bit', '8BIT', 'binary'])
      expect(await post(encoded(encoding), END)).toEqual({ fields: { name: 'Qm9i' } });
  });

  it('I-01 refuses a form with a part whose header cannot be understood, instead of leaving the part out', async () => {
    const refused = refusal(
      'validation-failed',
      'body',
      'must name each of its parts, and have nothing behind its delimiters',
    );
    const head = (disposition: string): Buffer => Buffer.from(`--${BOUNDARY}\r\n${disposition}\r\n\r\nleft out\r\n`);
    for (const odd of [
      head('Content-Disposition: form-data; name="locale";'),
      head('Content-Disposition: attachment; name="locale"'),
      head('Content-Type: text/plain'),
    ]) {
      expect(await post(odd, part('name', 'Zoë'), END)).toEqual(refused);
      expect(await post(part('name', 'Zoë'), filePart('a'), odd, END)).toEqual(refused);
      expect(kept).toEqual([]);
    }
    for (const behind of [' ', '\t', 'second half']) {
      const text = `--${BOUNDARY}${behind}\r\nContent-Disposition: form-data; name="locale"\r\n\r\nde\r\n`;
      expect(await post(part('name', 'Zoë'), Buffer.from(text), END)).toEqual(refused);
    }
    // A delimiter in pieces, and a content that nearly is one.
    expect(await post(part('name', `a\r\n--${BOUNDARY.slice(0, -1)}\r\n`), END)).toMatchObject({ fields: {} });
  });

  it('I-03 keeps the name of a field as it is', async () => {
    expect(await post(part('__proto__', 'a'), END)).toEqual(JSON.parse('{"fields":{"__proto__":"a"}}'));
  });

  it('I-03 refuses a field or the file given twice, and frees the file', async () => {
    const [name, picture] = [part('name', 'a'), filePart('a')];
    expect(await post(picture, name, name, END)).toEqual(
      refusal('validation-failed', 'body', 'must not have a field twice'),
    );
    expect(kept).toEqual([]);
    expect(await post(picture, picture, END)).toEqual(refusal('validation-failed', 'picture', 'must be given once'));
    expect(kept).toEqual([]);
  });

  it('I-01 refuses what cannot be read or stored', async () => {
    const early = refusal('body-unreadable', 'body', 'must be a complete form');
    expect(await post(part('name', Buffer.from([0xff])), END)).toEqual(
      refusal('body-unreadable', 'body', 'must be UTF-8'),
    );
    expect(await post(part('name', 'a\u0000b'), END)).toMatchObject({ errors: [{ field: 'name' }] });
    expect(await post(part(undefined, 'a'), END)).toMatchObject({ slug: 'validation-failed' });
    expect(await post(filePart('a'))).toEqual(early);
    expect(kept).toEqual([]);
    expect(await postAs('multipart/form-data', END)).toMatchObject({ slug: 'body-unreadable' });
    expect(await post(Buffer.from('nothing'))).toMatchObject({ slug: 'body-unreadable' });
  });

  it.each([
    ['a field given twice', [part('name', 'a'), part('name', 'a')], 'validation-failed'],
    ['text that is not UTF-8', [part('name', Buffer.from([0xff]))], 'body-unreadable'],
    ['a part without a name', [part(undefined, 'a')], 'validation-failed'],
    ['too much text', [part('name', 'a'.repeat(70_000))], 'body-too-large'],
  ])('I-01 answers %s before a file, however large the file is, and reads no file', async (_fault, parts, slug) => {
    for (const size of [10, 70_000, 4_000_000]) {
      expect(await post(...parts, filePart(Buffer.alloc(size, 1)), END)).toMatchObject({ slug });
      expect(kept).toEqual([]);
    }
  });

  it.each(Object.getOwnPropertyNames(Object.prototype))(
    'I-03 ignores a header of a part that is named %s',
    async (name) => {
      expect(await post(filePart('a', `\r\n${name.toLowerCase()}: x`), END)).toEqual({ fields: {}, file: 'a' });
    },
  );

  it.each([
    ['a part whose headers do not end', `--${BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n`],
    ['headers that are too large', `--${BOUNDARY}\r\nX: ${'a'.repeat(20_000)}\r\n\r\n\r\n`],
    ['a header that is none', `--${BOUNDARY}\r\nno header\r\n\r\n\r\n`],
    ['a file of another name', String(part('other', 'a', '; filename="a"'))],
    ['text that is too long', String(part('a', 'a'.repeat(70_000)))],
  ])('I-01 refuses %s, and frees the file', async (_, text) => {
    expect(await post(filePart('a'), Buffer.from(text), END)).toMatchObject({
      slug: expect.stringMatching(/^(body-unreadable|body-too-large|validation-failed)$/),
    });
    expect(kept).toEqual([]);
  });

  it('I-01 accepts text around the parts, and refuses a body that is longer than the file and its text may be', async () => {
    const [short, long] = [Buffer.alloc(70_000), Buffer.alloc(5_200_000)];
    expect(await post(short, Buffer.from('\r\n'), filePart('a'), END, short)).toEqual({ fields: {}, file: 'a' });
    for (const parts of [
      [long, Buffer.from('\r\n'), filePart('a'), END],
      [filePart('a'), END, long],
    ])
      expect([await post(...parts), kept]).toEqual([{ slug: 'picture-too-large' }, []]);
    const chunked = await fetch(url, {
      ...{ method: 'POST', headers: { 'content-type': TYPE }, duplex: 'half' },
      body: new Blob([filePart('a'), END, long]).stream(),
    } as RequestInit);
    expect([await chunked.json(), kept]).toEqual([{ slug: 'picture-too-large' }, []]);
  });

  it('takes an empty blob without a name for no file', async () => {
    const empty = (name: string) => part('picture', '', `; filename="${name}"`);
    expect(await post(part('name', 'Ada'), empty('blob'), END)).toEqual({ fields: { name: 'Ada' }, file: undefined });
    expect(await post(part('name', 'Ada'), empty('a.png'), END)).toEqual({ fields: { name: 'Ada' }, file: '' });
  });

  it.each([
    ['as text', 'photo.png', ''],
    ['without a file name', Buffer.from([0x89, 0x50, 0xff]), '\r\nContent-Type: image/png'],
  ])('I-02 says so when the file is sent %s', async (_how, content, more) => {
    expect(await post(part('picture', content, more), END)).toEqual(
      refusal('validation-failed', 'picture', 'must be a file, with a file name'),
    );
  });

  it('I-02 refuses JSON that is no text, and names the field', async () => {
    const json = part('name', '["Ada"]', '\r\nContent-Type: application/json');
    expect(await post(json, END)).toEqual(refusal('validation-failed', 'name', 'must be a string'));
  });

  it('takes a field that is null in JSON for one that is not sent', async () => {
    const json = part('name', 'null', '\r\nContent-Type: application/json');
    expect(await post(json, END)).toEqual({ fields: {}, file: undefined });
  });

  it('takes the quotes of JSON off a text', async () => {
    const json = part('name', '"Ada \\"Countess\\" L"', '\r\nContent-Type: application/json');
    expect(await post(json, END)).toEqual({ fields: { name: 'Ada "Countess" L' }, file: undefined });
  });

  it('I-01 answers every damaged form', async () => {
    const whole = Buffer.concat([part('name', 'Ada'), filePart('content'), part('more', 'text'), END]);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.integer({ min: 0, max: 255 }),
        fc.nat(30),
        async (at, byte, cut) => {
          const damaged = Buffer.concat([whole.subarray(0, at), Buffer.from([byte]), whole.subarray(at + cut)]);
          const answer = (await post(damaged)) as { slug?: string; fields?: object };
          return answer.fields !== undefined || (answer.slug !== undefined && kept.length === 0);
        },
      ),
      { numRuns: 300 },
    );
  }, 30_000);

  it('I-01 refuses too many parts and too much text', async () => {
    const parts = Array.from({ length: 21 }, (_, index) => part(`field${index}`, 'a'));
    expect(await post(...parts, END)).toEqual({ slug: 'body-too-large' });
    const half = 'a'.repeat(33_000);
    expect(await post(part('a', half), part('b', half), END)).toEqual({ slug: 'body-too-large' });
  });

  it('answers a client that is refused while it sends, and closes the connection of one that never ends', async () => {
    readFile = async () => {
      throw new Refused('not-a-picture');
    };
    expect(await post(filePart(Buffer.alloc(4_000_000)), END)).toEqual({ slug: 'not-a-picture' });
    const endless = httpRequest(url, { method: 'POST', headers: { 'content-type': TYPE } });
    const closed = new Promise((resolve) => endless.once('error', resolve));
    endless.write(filePart('a'));
    const chunk = Buffer.alloc(1_000_000);
    const send = (): void => void endless.write(chunk, (error) => (error ? undefined : send()));
    send();
    await closed;
    readFile = buffer;
  });

  it('ends when the client disconnects, and frees the file', async () => {
    [kept, outcomes] = [[], []];
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Type: ${TYPE}\r\nContent-Length: 1000\r\n\r\n`);
    socket.write(Buffer.concat([filePart('a'), part('name', 'a').subarray(0, 60)]));
    await until(() => kept.length === 1);
    socket.destroy();
    await until(() => outcomes.length === 1);
    expect([outcomes[0], kept]).toEqual([
      JSON.stringify(refusal('body-unreadable', 'body', 'must be a complete form')),
      [],
    ]);
  });

  it.each([
    ['with a part of the form', filePart('a').subarray(0, 80), 1_000],
    ['with the whole form', Buffer.concat([filePart('a'), END]), undefined],
  ])('ends when the client has left before the form is read, %s', async (_, body, length = body.length) => {
    [kept, outcomes] = [[], []];
    beforeReading = (request) => until(() => request.destroyed);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const head = `POST / HTTP/1.1\r\nHost: a\r\nContent-Type: ${TYPE}\r\nContent-Length: ${length}\r\n\r\n`;
    socket.write(Buffer.concat([Buffer.from(head), body]), () => socket.destroy());
    await until(() => outcomes.length === 1);
    expect([outcomes[0], kept]).toEqual([
      JSON.stringify(refusal('body-unreadable', 'body', 'must be a complete form')),
      [],
    ]);
    beforeReading = () => undefined;
  });

  it('ends when its signal aborts, throws the reason, and frees the file', async () => {
    const beginning = filePart('a').subarray(0, -2);
    for (const received of [beginning, Buffer.concat([filePart('a'), part('name', 'a').subarray(0, 60)])]) {
      [kept, outcomes] = [[], []];
      const ending = new AbortController();
      signal = ending.signal;
      let isBeingRead = false;
      readFile = (content) => {
        isBeingRead = true;
        return buffer(content);
      };
      const request = httpRequest(url, { method: 'POST', agent: false, headers: { 'content-type': TYPE } });
      request.on('error', () => undefined).write(received);
      await until(() => (received === beginning ? isBeingRead : kept.length === 1));
      ending.abort(new Refused('busy'));
      await until(() => outcomes.length === 1);
      expect([outcomes[0], kept]).toEqual([JSON.stringify({ slug: 'busy' }), []]);
      request.destroy();
    }
    expect([await post(filePart('a'), END), kept]).toEqual([{ slug: 'busy' }, []]);
    signal = undefined;
    readFile = buffer;
  });
});
