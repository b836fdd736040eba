import messages from '@eventstore/db-client/generated/streams_pb.js';
import { describe, expect, it } from '@jest/globals';
import { storedEvent } from '../../../test/sampleEvents.js';
import { cachedFrame, encodeEvent } from './encodeEvent.js';

const event = storedEvent(9_223_372_036_854_775_806n, {
  id: 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
  stream: Buffer.from('ünï 😀'),
  revision: 300n,
  type: Buffer.from('Тип'),
  created: 17_000_000_000_000_001n,
  metadata: Buffer.from([9, 8]),
  data: Buffer.alloc(70_000, 7),
});

const decode = (frame: Buffer) => messages.ReadResp.deserializeBinary(frame).getEvent();

describe('an encoded event', () => {
  it('contains what was recorded', () => {
    const answer = decode(encodeEvent(event, 'string'));
    const recorded = answer?.getEvent();
    expect(answer?.getCommitPosition()).toBe('9223372036854775806');
    expect(recorded?.getCommitPosition()).toBe('9223372036854775806');
    expect(recorded?.getPreparePosition()).toBe('9223372036854775806');
    expect(recorded?.getStreamRevision()).toBe('300');
    expect(recorded?.getId()?.getString()).toBe(event.id);
    expect(Buffer.from(recorded?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString()).toBe('ünï 😀');
    expect(recorded?.getCustomMetadata_asU8()).toEqual(new Uint8Array([9, 8]));
    expect(recorded?.getData_asU8()).toEqual(new Uint8Array(event.data));
    expect(recorded?.getMetadataMap().toObject().sort()).toEqual([
      ['content-type', 'application/json'],
      ['created', '17000000000000001'],
      ['type', 'Тип'],
    ]);
  });

  it('has the content type application/octet-stream when it is not JSON', () => {
    const recorded = decode(encodeEvent({ ...event, json: false }, 'string'))?.getEvent();
    expect(recorded?.getMetadataMap().get('content-type')).toBe('application/octet-stream');
  });

  it('contains the id in its structured form when requested', () => {
    const id = decode(cachedFrame(event, 'structured'))?.getEvent()?.getId()?.getStructured();
    expect(BigInt.asUintN(64, BigInt(id?.getMostSignificantBits() ?? 0))).toBe(0xf81d4fae7dec11d0n);
    expect(BigInt.asUintN(64, BigInt(id?.getLeastSignificantBits() ?? 0))).toBe(0xa76500a0c91e6bf6n);
  });

  it('is encoded once for all live subscribers', () => {
    expect(cachedFrame(event, 'string')).toBe(cachedFrame(event, 'string'));
    expect(cachedFrame(event, 'string')).toEqual(encodeEvent(event, 'string'));
  });

  it('R-07 holds only its own bytes when it is kept', () => {
    const frame = cachedFrame({ ...event, data: Buffer.from('{}') }, 'string');
    expect(frame.buffer.byteLength).toBe(frame.length);
  });
});
