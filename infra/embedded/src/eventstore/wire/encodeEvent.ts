import { ownMemory } from '../ownMemory.js';
import type { StoredEvent } from '../recordedEvent.js';
import { protobufWriter } from './protobufWriter.js';
import { uuidBits } from './uuid.js';

export type UuidForm = 'string' | 'structured';

const utf8 = {
  type: Buffer.from('type'),
  created: Buffer.from('created'),
  contentType: Buffer.from('content-type'),
  json: Buffer.from('application/json'),
  binary: Buffer.from('application/octet-stream'),
};
/** Upper bound of the encoded parts that do not depend on the event. */
const FIXED_BYTES = 320;

/** Encodes an event as a `ReadResp`. Hand-written, because this is the hot path of every read. */
export const encodeEvent = (event: StoredEvent, uuid: UuidForm): Buffer => {
  const { position, stream, revision, id, type, json, created, metadata, data } = event;
  const out = protobufWriter(FIXED_BYTES + stream.length + type.length + metadata.length + data.length);
  const property = (key: Buffer, value: Buffer) =>
    out.message(6, () => {
      out.bytes(2, value);
      out.bytes(1, key);
    });
  const recordedEvent = () => {
    out.bytes(8, data);
    out.bytes(7, metadata);
    property(utf8.contentType, json ? utf8.json : utf8.binary);
    property(utf8.created, Buffer.from(created.toString()));
    property(utf8.type, type);
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
};

const frames = new WeakMap<StoredEvent, Buffer>();

/** Like `encodeEvent`, but encodes an event once for all live subscribers. The frame lives as long as the event. */
export const cachedFrame = (event: StoredEvent, uuid: UuidForm): Buffer => {
  if (uuid === 'structured') return encodeEvent(event, uuid);
  let frame = frames.get(event);
  if (frame === undefined) {
    frame = ownMemory(encodeEvent(event, uuid));
    frames.set(event, frame);
  }
  return frame;
};
