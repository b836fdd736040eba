import { createRequire } from 'node:module';
import {
  Client,
  credentials,
  type handleServerStreamingCall,
  Metadata,
  Server,
  ServerCredentials,
  type ServerWritableStream,
  status,
} from '@grpc/grpc-js';

const require = createRequire(import.meta.url);
const { ReadReq, ReadResp } = require('@eventstore/db-client/generated/streams_pb.js') as {
  ReadReq: { deserializeBinary(bytes: Uint8Array): { getOptions(): { hasSubscription(): boolean } } };
  ReadResp: { deserializeBinary(bytes: Uint8Array): { hasEvent(): boolean } };
};

const READ = '/event_store.client.streams.Streams/Read';
const identity = (bytes: Buffer): Buffer => bytes;

/** A log server whose subscriptions misbehave on demand. */
export interface SubscriptionProxy {
  readonly url: string;
  /** Number of subscriptions opened so far. */
  readonly opened: number;
  /** Ends all subscriptions without an error. */
  end(): void;
  /** Fails all subscriptions with a gRPC status. */
  fail(code: status): void;
  /** While `silent`, all subscriptions, new ones included, stay open and deliver nothing. */
  silence(silent: boolean): void;
  /** Delivers the next event after the one that follows it. */
  swap(): void;
  /** Delivers each event this many times from now on. */
  repeat(times: number): void;
  close(): Promise<void>;
}

/** Forwards Read calls to a log server and makes subscriptions misbehave. Other calls are not implemented. */
export const startSubscriptionProxy = async (targetPort: number): Promise<SubscriptionProxy> => {
  const upstream = new Client(`127.0.0.1:${targetPort}`, credentials.createInsecure());
  const open = new Set<ServerWritableStream<Buffer, Buffer>>();
  let opened = 0;
  let isSilent = false;
  let copiesOfEvents = 1;
  let isSwapping = false;

  const read: handleServerStreamingCall<Buffer, Buffer> = (call) => {
    const isSubscription = ReadReq.deserializeBinary(call.request).getOptions().hasSubscription();
    const source = upstream.makeServerStreamRequest(READ, identity, identity, call.request, new Metadata(), {});
    if (isSubscription) {
      opened++;
      open.add(call);
    }
    let held: Buffer | undefined;
    source.on('data', (message: Buffer) => {
      if (isSubscription && isSilent) return;
      const isLive = isSubscription && ReadResp.deserializeBinary(message).hasEvent();
      if (isLive && isSwapping) {
        isSwapping = false;
        held = message;
        return;
      }
      for (let copy = 0; copy < (isLive ? copiesOfEvents : 1); copy++) call.write(message);
      if (isLive && held !== undefined) call.write(held);
      if (isLive) held = undefined;
    });
    source.on('end', () => call.end());
    source.on('error', (error) => call.emit('error', error));
    call.on('close', () => open.delete(call));
    call.on('cancelled', () => source.cancel());
  };

  const server = new Server();
  const method = { path: READ, requestStream: false, responseStream: true } as const;
  const codec = {
    requestSerialize: identity,
    requestDeserialize: identity,
    responseSerialize: identity,
    responseDeserialize: identity,
  };
  server.addService({ read: { ...method, ...codec } }, { read });
  const port = await new Promise<number>((resolve, reject) => {
    const bound = (error: Error | null, number: number) => (error ? reject(error) : resolve(number));
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), bound);
  });

  return {
    url: `esdb://127.0.0.1:${port}?tls=false`,
    get opened() {
      return opened;
    },
    end: () => {
      for (const call of open) call.end();
    },
    fail: (code) => {
      for (const call of open) call.emit('error', Object.assign(new Error('injected'), { code, details: 'injected' }));
    },
    silence: (silent) => {
      isSilent = silent;
    },
    swap: () => {
      isSwapping = true;
    },
    repeat: (times) => {
      copiesOfEvents = times;
    },
    close: async () => {
      server.forceShutdown();
      upstream.close();
    },
  };
};

export { status };
