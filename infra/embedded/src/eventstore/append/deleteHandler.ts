import { randomUUID } from 'node:crypto';
import messages, { type DeleteReq, type TombstoneReq } from '@eventstore/db-client/generated/streams_pb.js';
import { type handleUnaryCall, status } from '@grpc/grpc-js';
import { SOFT_DELETED } from '../streamMetadata.js';
import { describedStream } from '../streamNames.js';
import { StatusError, toStatus } from '../wire/statusError.js';
import { deleteAtWrongRevision, streamDeleted } from '../wire/streamErrors.js';
import type { Append } from './append.js';
import type { EventLogWriter } from './eventLogWriter.js';
import { metadataEvent, tombstone } from './metadataEvent.js';
import { readTarget } from './readTarget.js';

/** `Streams.Delete` (`softly`: later appends continue the stream) and `Streams.Tombstone` (`forever`). */
export const deleteHandler =
  (
    writer: EventLogWriter,
    deletes: NonNullable<Append['deletes']>,
  ): handleUnaryCall<DeleteReq | TombstoneReq, Buffer> =>
  (call, callback) => {
    const respond = async (): Promise<Buffer> => {
      const deletion = toDeletion(call.request, deletes);
      const { stream, expected } = deletion;
      const outcome = await writer.append(deletion, () => !call.cancelled);
      if (outcome === 'stream deleted') throw streamDeleted(stream);
      if (!outcome.written) throw deleteAtWrongRevision(stream, expected, outcome.actual);
      return encode(outcome.position);
    };
    respond().then(
      (response) => callback(null, response),
      (error: unknown) => callback(toStatus(error)),
    );
  };

/** @throws StatusError for a malformed request, and for a metadata stream, which EventStoreDB would delete without any effect. */
const toDeletion = (request: DeleteReq | TombstoneReq, deletes: NonNullable<Append['deletes']>): Append => {
  const target = readTarget(request.getOptions());
  if (describedStream(target.stream))
    throw new StatusError(status.INVALID_ARGUMENT, 'A metadata stream cannot be deleted.');
  const id = randomUUID();
  return { ...target, deletes, events: [deletes === 'softly' ? metadataEvent(id, SOFT_DELETED) : tombstone(id)] };
};

/** The responses of both methods have the same fields. */
const encode = (position: bigint): Buffer => {
  const written = new messages.DeleteResp.Position();
  written.setCommitPosition(`${position}`);
  written.setPreparePosition(`${position}`);
  const response = new messages.DeleteResp();
  response.setPosition(written);
  return Buffer.from(response.serializeBinary());
};
