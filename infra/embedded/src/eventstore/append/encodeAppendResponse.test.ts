import messages from '@eventstore/db-client/generated/streams_pb.js';
import { describe, expect, it } from '@jest/globals';
import { encodeAppendResponse } from './encodeAppendResponse.js';

const decode = (frame: Buffer) => messages.AppendResp.deserializeBinary(frame).toObject();

describe('encodeAppendResponse', () => {
  it('contains the revision and position of the last event', () => {
    const { success } = decode(
      encodeAppendResponse('any', { written: true, revision: 3n, position: 9_007_199_254_740_993n }),
    );
    expect(success).toMatchObject({
      currentRevision: '3',
      position: { commitPosition: '9007199254740993', preparePosition: '9007199254740993' },
    });
  });

  it('contains no stream after an empty append to a missing stream', () => {
    const { success } = decode(encodeAppendResponse('any', { written: true, revision: undefined, position: 5n }));
    expect(success).toMatchObject({ noStream: {}, position: { commitPosition: '5' } });
  });

  it('sets the fields of both protocol versions in a refusal', () => {
    const refusal = (...[expected, actual]: [Parameters<typeof encodeAppendResponse>[0], bigint?]) =>
      decode(encodeAppendResponse(expected, { written: false, actual })).wrongExpectedVersion;
    expect(refusal(7n, 2n)).toMatchObject({
      currentRevision: '2',
      currentRevision2060: 2,
      expectedRevision: '7',
      expectedRevision2060: 7,
    });
    expect(refusal('any', 0n)).toMatchObject({ expectedAny: {}, any2060: {} });
    expect(refusal('stream_exists')).toMatchObject({
      currentNoStream: {},
      noStream2060: {},
      expectedStreamExists: {},
      streamExists2060: {},
    });
    expect(refusal('no_stream', 0n)).toMatchObject({ expectedNoStream: {}, expectedRevision2060: 2 ** 64 });
  });
});
