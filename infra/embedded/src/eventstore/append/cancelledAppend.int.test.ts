import { randomUUID } from 'node:crypto';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streamsService, { type StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import messages, { type AppendReq } from '@eventstore/db-client/generated/streams_pb.js';
import { credentials, Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventLogClient } from '../../../test/eventLogClient.js';
import { testEventStore } from '../../../test/eventStore.js';

const header = (stream: string): AppendReq => {
  const name = new shared.StreamIdentifier();
  name.setStreamName(Buffer.from(stream));
  const options = new messages.AppendReq.Options();
  options.setStreamIdentifier(name);
  options.setNoStream(new shared.Empty());
  const message = new messages.AppendReq();
  message.setOptions(options);
  return message;
};

const event = (): AppendReq => {
  const proposed = new messages.AppendReq.ProposedMessage();
  const id = new shared.UUID();
  id.setString(randomUUID());
  proposed.setId(id);
  proposed.getMetadataMap().set('type', 'T').set('content-type', 'application/json');
  proposed.setData(Buffer.from(JSON.stringify({ text: 'x'.repeat(500) })));
  const message = new messages.AppendReq();
  message.setProposedMessage(proposed);
  return message;
};

describe('an append whose client gives up while it sends', () => {
  let store: Awaited<ReturnType<typeof testEventStore>>;
  let eventLog: ReturnType<typeof eventLogClient>;
  let client: StreamsClient;
  beforeAll(async () => {
    store = await testEventStore();
    eventLog = eventLogClient(store.url);
    client = new streamsService.StreamsClient(new URL(store.url).host, credentials.createInsecure());
  });
  afterAll(async () => {
    client.close();
    await eventLog.dispose();
    await store.close();
  });

  it.each(['cancel', 'deadline'] as const)('F-02 writes nothing: %s', async (how) => {
    const streams = Array.from({ length: 60 }, (_, index) => `${how}-${index}`);
    await Promise.all(
      streams.map(
        (stream, index) =>
          new Promise<void>((resolve) => {
            const options = how === 'deadline' ? { deadline: Date.now() + 20 + index } : {};
            const call = client.append(new Metadata(), options, () => resolve());
            call.on('error', () => undefined);
            call.write(header(stream));
            const sending = setInterval(() => call.write(event()), 1);
            call.on('status', () => clearInterval(sending));
            if (how === 'cancel') setTimeout(() => call.cancel(), 20 + index);
          }),
      ),
    );
    await eventLog.append('after', 'any');
    const written = (await eventLog.all()).map(({ stream }) => stream).filter((stream) => streams.includes(stream));
    expect(written).toEqual([]);
  });
});
