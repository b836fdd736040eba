import type { AppendReq } from '@eventstore/db-client/generated/streams_pb.js';
import { Metadata, status } from '@grpc/grpc-js';
import { handlerThrew, StatusError } from '../wire/statusError.js';
import { parseUuid } from '../wire/uuid.js';
import type { Append, ProposedEvent } from './append.js';
import { readTarget } from './readTarget.js';

export const MAX_APPEND_SIZE = 1_048_576;
/** Bytes of one call including metadata and overhead, which `maxAppendSize` does not count; limits this server's memory. */
const MAX_CALL_SIZE = 32 * 1024 * 1024;
const EVENT_OVERHEAD = 200;

const tooLarge = () => {
  const trailers = new Metadata();
  trailers.set('exception', 'maximum-append-size-exceeded');
  trailers.set('maximum-append-size', `${MAX_APPEND_SIZE}`);
  const text = `Maximum Append Size of ${MAX_APPEND_SIZE} Exceeded.`;
  return new StatusError(status.INVALID_ARGUMENT, text, trailers);
};

const propertyMissing = (name: string) => {
  const trailers = new Metadata();
  trailers.set('exception', 'missing-required-metadata-property');
  trailers.set('required-metadata-properties', 'type,content-type');
  return new StatusError(status.INVALID_ARGUMENT, `Required Metadata Property '${name}' is missing`, trailers);
};

/** Collects the messages of an append. A fault is thrown by `finish`, after the client has sent its last message. */
export const appendRequestParser = () => {
  let options: Pick<Append, 'stream' | 'expected'> | undefined;
  let events: ProposedEvent[] = [];
  let fault: StatusError | undefined;
  let dataSize = 0;
  let callSize = 0;

  const parse = (message: AppendReq) => {
    const header = message.getOptions();
    if (header) {
      if (options) throw handlerThrew();
      options = readTarget(header);
      return;
    }
    if (!options) throw handlerThrew();
    const event = readEvent(message);
    dataSize += event.data.length;
    callSize += EVENT_OVERHEAD + event.data.length + event.metadata.length + event.type.length;
    if (dataSize > MAX_APPEND_SIZE) throw tooLarge();
    if (callSize > MAX_CALL_SIZE) throw new StatusError(status.RESOURCE_EXHAUSTED, 'The append is too large.');
    events.push(event);
  };

  return {
    add: (message: AppendReq): void => {
      if (fault) return;
      try {
        parse(message);
      } catch (error) {
        events = [];
        fault = error instanceof StatusError ? error : handlerThrew();
      }
    },
    /** @throws StatusError for the first fault in the request. */
    finish: (): Append => {
      if (fault) throw fault;
      if (!options) throw handlerThrew();
      return { ...options, events };
    },
  };
};

const readEvent = (message: AppendReq): ProposedEvent => {
  const proposed = message.getProposedMessage();
  const id = parseUuid(proposed?.getId());
  if (!proposed || !id) throw handlerThrew();
  const type = proposed.getMetadataMap().get('type');
  const contentType = proposed.getMetadataMap().get('content-type');
  if (type === undefined) throw propertyMissing('type');
  if (contentType === undefined) throw propertyMissing('content-type');
  if (type === '') throw handlerThrew();
  return {
    id,
    type: Buffer.from(type),
    json: contentType === 'application/json',
    metadata: Buffer.from(proposed.getCustomMetadata_asU8()),
    data: Buffer.from(proposed.getData_asU8()),
  };
};
