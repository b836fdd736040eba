import type { AppendReq, DeleteReq, TombstoneReq } from '@eventstore/db-client/generated/streams_pb.js';
import { status } from '@grpc/grpc-js';
import { handlerThrew, StatusError } from '../wire/statusError.js';
import type { Append, AppendCondition } from './append.js';

type Options = AppendReq.Options | DeleteReq.Options | TombstoneReq.Options;

const NO_STREAM_REVISION = 0xffffffffffffffffn;

/** The stream that a request writes to, and its expected revision. @throws StatusError when either is missing or malformed. */
export const readTarget = (options: Options | undefined): Pick<Append, 'stream' | 'expected'> => {
  const stream = Buffer.from(options?.getStreamIdentifier()?.getStreamName_asU8() ?? []);
  if (!options || stream.length === 0) throw handlerThrew();
  return { stream, expected: readExpected(options) };
};

const readExpected = (options: Options): AppendCondition => {
  if (options.hasAny()) return 'any';
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  if (!options.hasRevision()) throw new StatusError(status.INVALID_ARGUMENT, 'The expected revision is missing.');
  const revision = BigInt(options.getRevision());
  return revision === NO_STREAM_REVISION ? 'no_stream' : revision;
};
