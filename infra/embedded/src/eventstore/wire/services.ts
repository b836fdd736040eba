import serverFeaturesService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';

const { read, append } = streamsService.StreamsService;
const { getSupportedMethods } = serverFeaturesService.ServerFeaturesService;

/**
 * The services of the client's own stubs, cut down to what is served: grpc-js answers UNIMPLEMENTED to the rest.
 * Answers arrive here encoded, so that an event is encoded once for all who read it.
 */
const encoded = (frame: Buffer) => frame;

export const streams = {
  read: { ...read, responseSerialize: encoded },
  append: { ...append, responseSerialize: encoded },
};
export const serverFeatures = { getSupportedMethods };
