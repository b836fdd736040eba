import shared from '@eventstore/db-client/generated/shared_pb.js';
import messages, { type AppendReq } from '@eventstore/db-client/generated/streams_pb.js';
import { status } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { StatusError } from '../wire/statusError.js';
import { appendRequestParser } from './appendRequestParser.js';

const ID = '0B4A0D4E-7C39-4d4e-9b0c-6a2e54b1f001';

const header = (fill: (options: AppendReq.Options) => void = (options) => options.setAny(new shared.Empty())) => {
  const options = new messages.AppendReq.Options();
  const name = new shared.StreamIdentifier();
  name.setStreamName(Buffer.from('s'));
  options.setStreamIdentifier(name);
  fill(options);
  const message = new messages.AppendReq();
  message.setOptions(options);
  return message;
};

const event = (fill: (proposed: AppendReq.ProposedMessage) => void = () => undefined) => {
  const proposed = new messages.AppendReq.ProposedMessage();
  const uuid = new shared.UUID();
  uuid.setString(ID);
  proposed.setId(uuid);
  proposed.getMetadataMap().set('type', 'T').set('content-type', 'application/json');
  fill(proposed);
  const message = new messages.AppendReq();
  message.setProposedMessage(proposed);
  return message;
};

const parse = (...all: AppendReq[]) => {
  const request = appendRequestParser();
  for (const message of all) request.add(message);
  return request.finish();
};

const fault = (...all: AppendReq[]): StatusError => {
  try {
    parse(...all);
  } catch (error) {
    if (error instanceof StatusError) return error;
  }
  throw new Error('the request was accepted');
};

describe('an append request', () => {
  it('is parsed with ids in lower case', () => {
    const append = parse(header(), event());
    expect(append).toMatchObject({ expected: 'any', stream: Buffer.from('s') });
    expect(append.events).toMatchObject([{ id: ID.toLowerCase(), json: true, type: Buffer.from('T') }]);
  });

  it('has an expected revision in any of the encodings of the protocol', () => {
    const expected = (fill: (options: AppendReq.Options) => void) => parse(header(fill)).expected;
    expect(expected((options) => options.setNoStream(new shared.Empty()))).toBe('no_stream');
    expect(expected((options) => options.setStreamExists(new shared.Empty()))).toBe('stream_exists');
    expect(expected((options) => options.setRevision('0'))).toBe(0n);
    expect(expected((options) => options.setRevision('18446744073709551615'))).toBe('no_stream');
    expect(fault(header(() => undefined)).code).toBe(status.INVALID_ARGUMENT);
  });

  it('has binary events for every content type but JSON', () => {
    const text = event((proposed) => proposed.getMetadataMap().set('content-type', 'text/plain'));
    expect(parse(header(), text).events).toMatchObject([{ json: false }]);
  });

  it.each<[string, () => AppendReq[]]>([
    ['without options', () => [event()]],
    ['without anything', () => []],
    ['with two options', () => [header(), header()]],
    ['with an empty name', () => [header((options) => options.setStreamIdentifier(new shared.StreamIdentifier()))]],
    ['with an id missing', () => [header(), event((proposed) => proposed.clearId())]],
    ['with a malformed id', () => [header(), event((proposed) => proposed.getId()?.setString('x'))]],
    [
      'with a nil id',
      () => [header(), event((proposed) => proposed.getId()?.setString('00000000-0000-0000-0000-000000000000'))],
    ],
    ['with an empty type', () => [header(), event((proposed) => proposed.getMetadataMap().set('type', ''))]],
    ['with an empty message', () => [header(), new messages.AppendReq()]],
    [
      'with a revision that is not a number',
      () => [header((options) => options.setRevision('x' as unknown as `${bigint}`))],
    ],
  ])('fails with "Exception was thrown by handler" %s', (_, all) => {
    expect(fault(...all())).toMatchObject({ code: status.UNKNOWN, details: 'Exception was thrown by handler.' });
  });

  it.each(['type', 'content-type'])('fails with the required properties when the %s is missing', (property) => {
    const refused = fault(
      header(),
      event((proposed) => proposed.getMetadataMap().del(property)),
      event(),
    );
    expect(refused.code).toBe(status.INVALID_ARGUMENT);
    expect(refused.metadata.getMap()).toEqual({
      exception: 'missing-required-metadata-property',
      'required-metadata-properties': 'type,content-type',
    });
  });

  it('may contain 1 MiB of data, whatever the size of its metadata', () => {
    const half = event((proposed) => {
      proposed.setData(Buffer.alloc(524_288));
      proposed.setCustomMetadata(Buffer.alloc(2_000_000));
    });
    expect(parse(header(), half, half).events).toHaveLength(2);
    const refused = fault(
      header(),
      half,
      half,
      event((proposed) => proposed.setData(Buffer.alloc(1))),
    );
    expect(refused).toMatchObject({ code: status.INVALID_ARGUMENT });
    expect(refused.metadata.getMap()).toMatchObject({
      exception: 'maximum-append-size-exceeded',
      'maximum-append-size': '1048576',
    });
  });

  it('R-07 is limited in its total size in memory', () => {
    const heavy = event((proposed) => proposed.setCustomMetadata(Buffer.alloc(15_000_000)));
    expect(fault(header(), heavy, heavy, heavy).code).toBe(status.RESOURCE_EXHAUSTED);
  });
});
