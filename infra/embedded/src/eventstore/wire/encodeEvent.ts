import type { RecordedEvent } from '../recordedEvent.js';
import { protobufWriter } from './protobufWriter.js';
import { uuidBits } from './uuid.js';

export type UuidForm = 'string' | 'structured';

const words = {
  type: Buffer.from('type'),
  created: Buffer.from('created'),
  contentType: Buffer.from('content-type'),
  json: Buffer.from('application/json'),
  binary: Buffer.from('application/octet-stream'),
};
const fixedParts = 320;

/** The event as an encoded `ReadResp`: written out by hand because this is the hot path of every read. */
export function encodeEvent(event: RecordedEvent, uuid: UuidForm): Buffer {
  const { position, stream, revision, id, type, json, created, metadata, data } = event;
  const out = protobufWriter(fixedParts + stream.length + type.length + metadata.length + data.length);
  const property = (key: Buffer, value: Buffer) =>
    out.message(6, () => {
      out.bytes(2, value);
      out.bytes(1, key);
    });
  const recordedEvent = () => {
    out.bytes(8, data);
    out.bytes(7, metadata);
    property(words.contentType, json ? words.json : words.binary);
    property(words.created, Buffer.from(created.toString()));
    property(words.type, type);
    out.varint(5, position);
    out.varint(4, position);
    out.varint(3, revision);
    out.message(2, () => out.bytes(3, stream));
    out.message(1, () => {
      if (uuid === 'string') return out.bytes(2, Buffer.from(id));
      const { most, least } = uuidBits(id);
      return out.message(1, () => {
        out.varint(2, least);
        out.varint(1, most);
      });
    });
  };
  out.message(1, () => {
    out.varint(3, position);
    out.message(1, recordedEvent);
  });
  return out.finish();
}

const shared = new WeakMap<RecordedEvent, Buffer>();

/** As `encodeEvent`, once for all subscribers that are live on the same event. */
export function cachedFrame(event: RecordedEvent, uuid: UuidForm): Buffer {
  if (uuid === 'structured') return encodeEvent(event, uuid);
  let frame = shared.get(event);
  if (frame === undefined) {
    frame = encodeEvent(event, uuid);
    shared.set(event, frame);
  }
  return frame;
}
