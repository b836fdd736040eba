import { protobufWriter } from '../wire/protobufWriter.js';
import type { AppendCondition, AppendRefused, AppendWritten } from './append.js';

const MAX_RESPONSE_BYTES = 128;
const EMPTY = Buffer.alloc(0);
// The fields from before 20.6.1 encode NO_STREAM as a revision of all ones, which the generated setters do not accept.
const NO_STREAM_REVISION = 0xffffffffffffffffn;

type Writer = ReturnType<typeof protobufWriter>;

/** Encodes an `AppendResp`. A wrong expected revision is a response, not an error of the call. */
export const encodeAppendResponse = (expected: AppendCondition, outcome: AppendWritten | AppendRefused): Buffer => {
  const out = protobufWriter(MAX_RESPONSE_BYTES);
  if (outcome.written) out.message(1, () => success(out, outcome));
  else out.message(2, () => wrongExpectedVersion(out, expected, outcome));
  return out.finish();
};

const success = (out: Writer, { revision, position }: AppendWritten) => {
  out.message(3, () => {
    out.varint(2, position);
    out.varint(1, position);
  });
  if (revision === undefined) out.bytes(2, EMPTY);
  else out.varint(1, revision);
};

/** Sets the fields of both protocol versions, before and since 20.6.1. */
const wrongExpectedVersion = (out: Writer, expected: AppendCondition, { actual }: AppendRefused) => {
  if (expected === 'any') out.bytes(9, EMPTY);
  else if (expected === 'stream_exists') out.bytes(10, EMPTY);
  else if (expected === 'no_stream') out.bytes(11, EMPTY);
  else out.varint(8, expected);
  if (actual === undefined) out.bytes(7, EMPTY);
  else out.varint(6, actual);

  if (expected === 'any') out.bytes(4, EMPTY);
  else if (expected === 'stream_exists') out.bytes(5, EMPTY);
  else out.varint(3, expected === 'no_stream' ? NO_STREAM_REVISION : expected);
  if (actual === undefined) out.bytes(2, EMPTY);
  else out.varint(1, actual);
};
