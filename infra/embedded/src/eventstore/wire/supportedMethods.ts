import messages from '@eventstore/db-client/generated/serverfeatures_pb.js';

/** The version whose behaviour is copied. */
const version = '24.2.0';
const services = {
  'event_store.client.streams.streams': { append: [], read: ['position', 'events'] },
  'event_store.client.server_features.serverfeatures': { getsupportedmethods: [] },
};

/** What the server can do. It leaves out BatchAppend, whose append ignores its deadline: clients append by call. */
export function supportedMethods() {
  const answer = new messages.SupportedMethods();
  answer.setEventStoreServerVersion(version);
  for (const [service, methods] of Object.entries(services))
    for (const [method, features] of Object.entries(methods)) {
      const supported = new messages.SupportedMethod();
      supported.setServiceName(service);
      supported.setMethodName(method);
      supported.setFeaturesList(features);
      answer.addMethods(supported);
    }
  return answer;
}
