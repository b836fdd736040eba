import serverFeaturesService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import messages from '@eventstore/db-client/generated/serverfeatures_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';

const { read, append, delete: softDelete, tombstone } = streamsService.StreamsService;
const { getSupportedMethods } = serverFeaturesService.ServerFeaturesService;

/** Responses are already encoded, so that an event is encoded once for all its readers. */
const encoded = (frame: Buffer) => frame;

/** The client's own service definitions, reduced to the methods served; grpc-js answers UNIMPLEMENTED to all others. */
export const streams = {
  read: { ...read, responseSerialize: encoded },
  append: { ...append, responseSerialize: encoded },
  delete: { ...softDelete, responseSerialize: encoded },
  tombstone: { ...tombstone, responseSerialize: encoded },
};
export const serverFeatures = { getSupportedMethods };

/** The EventStoreDB version whose behaviour this server reproduces. */
const VERSION = '24.2.0';
const methodsOfServices = {
  'event_store.client.streams.streams': { append: [], delete: [], read: ['position', 'events'], tombstone: [] },
  'event_store.client.server_features.serverfeatures': { getsupportedmethods: [] },
};

/** The response of GetSupportedMethods. Omits BatchAppend, which ignores deadlines, so that clients use Append. */
export const supportedMethods = () => {
  const response = new messages.SupportedMethods();
  response.setEventStoreServerVersion(VERSION);
  for (const [service, methods] of Object.entries(methodsOfServices))
    for (const [method, features] of Object.entries(methods)) {
      const supported = new messages.SupportedMethod();
      supported.setServiceName(service);
      supported.setMethodName(method);
      supported.setFeaturesList(features);
      response.addMethods(supported);
    }
  return response;
};
