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
const asIs = (bytes: Buffer): Buffer => bytes;

/** What a log does to its subscriptions that it should not. */
export interface SubscriptionProxy {
  readonly url: string;
  /** Subscriptions opened through it so far. */
  readonly opened: number;
  /** Ends all of them as if that were normal. */
  end(): void;
  /** Fails all of them with a gRPC status. */
  fail(code: status): void;
  /** Keeps all of them open, new ones too, and says nothing on them until told otherwise. */
  silence(silent: boolean): void;
  /** Gives each event so many times from now on. */
  repeat(times: number): void;
  close(): Promise<void>;
}

/** Passes Read calls on to a log server and misbehaves on subscriptions; other calls are not implemented. */
export const startSubscriptionProxy = async (targetPort: number): Promise<SubscriptionProxy> => {
  const upstream = new Client(`127.0.0.1:${targetPort}`, credentials.createInsecure());
  const open = new Set<ServerWritableStream<Buffer, Buffer>>();
  let opened = 0;
  let silent = false;
  let times = 1;

  const read: handleServerStreamingCall<Buffer, Buffer> = (call) => {
    const isSubscription = ReadReq.deserializeBinary(call.request).getOptions().hasSubscription();
    const source = upstream.makeServerStreamRequest(READ, asIs, asIs, call.request, new Metadata(), {});
    if (isSubscription) {
      opened++;
      open.add(call);
    }
    source.on('data', (message: Buffer) => {
      if (isSubscription && silent) return;
      const copies = isSubscription && ReadResp.deserializeBinary(message).hasEvent() ? times : 1;
      for (let copy = 0; copy < copies; copy++) call.write(message);
    });
    source.on('end', () => call.end());
    source.on('error', (error) => call.emit('error', error));
    call.on('close', () => open.delete(call));
    call.on('cancelled', () => source.cancel());
  };

  const server = new Server();
  const method = { path: READ, requestStream: false, responseStream: true } as const;
  const codec = {
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
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
    silence: (now) => {
      silent = now;
    },
    repeat: (now) => {
      times = now;
    },
    close: async () => {
      server.forceShutdown();
      upstream.close();
    },
  };
};

export { status };
