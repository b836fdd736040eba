import { NO_STREAM, persistentSubscriptionToStreamSettingsFromDefaults } from '@eventstore/db-client';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streamsService, { type StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import messages, { type ReadReq, type ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { credentials, type ServiceError, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventLogClient } from '../../../test/eventLogClient.js';
import { testEventStore } from '../../../test/eventStore.js';

const { Options } = messages.ReadReq;
let store: Awaited<ReturnType<typeof testEventStore>>;
let eventLog: ReturnType<typeof eventLogClient>;
let client: StreamsClient;

beforeAll(async () => {
  store = await testEventStore();
  eventLog = eventLogClient(store.url);
  const address = new URL(store.url).host;
  client = new streamsService.StreamsClient(address, credentials.createInsecure(), {
    'grpc.max_send_message_length': -1,
  });
});

afterAll(async () => {
  client.close();
  await eventLog.dispose();
  await store.close();
});

const named = (stream: string) => {
  const name = new shared.StreamIdentifier();
  name.setStreamName(Buffer.from(stream));
  return name;
};

/** Reads `stream` forwards from its start with ids as text, unless `fill` changes the options. */
const read = (fill: (options: ReadReq.Options) => void, stream = 's'): Promise<ReadResp[]> => {
  const options = new Options();
  const ids = new Options.UUIDOption();
  ids.setString(new shared.Empty());
  options.setUuidOption(ids);
  const from = new Options.StreamOptions();
  from.setStreamIdentifier(named(stream));
  from.setStart(new shared.Empty());
  options.setStream(from);
  options.setCount('1000');
  options.setNoFilter(new shared.Empty());
  fill(options);
  const request = new messages.ReadReq();
  request.setOptions(options);
  return new Promise((resolve, reject) => {
    const answers: ReadResp[] = [];
    const call = client.read(request);
    call.on('data', (answer) => answers.push(answer));
    call.on('error', reject);
    call.on('end', () => resolve(answers));
  });
};

const compatible = (options: ReadReq.Options) => {
  const control = new Options.ControlOption();
  control.setCompatibility(1);
  options.setControlOption(control);
};

describe('protocol features that the client library does not use', () => {
  it('sends the last revision to a client that understands it', async () => {
    await eventLog.append('s', NO_STREAM, [{}, {}, {}]);
    const answers = await read((options) => {
      compatible(options);
      options.setCount('2');
    });
    expect(answers.map((answer) => answer.hasEvent())).toEqual([true, true, false]);
    expect(answers.at(-1)?.getLastStreamPosition()).toBe('2');
  });

  it('answers a read of a missing stream with a message', async () => {
    const answers = await read(compatible, 'missing');
    expect(answers).toHaveLength(1);
    expect(Buffer.from(answers[0]?.getStreamNotFound()?.getStreamIdentifier()?.getStreamName_asU8() ?? [])).toEqual(
      Buffer.from('missing'),
    );
  });

  it('sends ids in their structured form', async () => {
    const [answer] = await read((options) => {
      options.getUuidOption()?.setStructured(new shared.Empty());
    });
    expect(answer?.getEvent()?.getEvent()?.getId()?.hasStructured()).toBe(true);
  });

  it('filters a read of the whole log and counts the matches', async () => {
    for (const stream of ['f-1', 'g-1', 'f-2', 'f-3']) await eventLog.append(stream, NO_STREAM);
    const answers = await read((options) => {
      const all = new Options.AllOptions();
      all.setStart(new shared.Empty());
      options.setAll(all);
      options.setCount('2');
      const prefix = new Options.FilterOptions.Expression();
      prefix.setPrefixList(['f-']);
      const filter = new Options.FilterOptions();
      filter.setStreamIdentifier(prefix);
      filter.setMax(32);
      options.setFilter(filter);
    });
    const streams = answers.map((answer) => answer.getEvent()?.getEvent()?.getStreamIdentifier()?.getStreamName_asU8());
    expect(streams.map((name) => Buffer.from(name ?? []).toString())).toEqual(['f-1', 'f-2']);
  });

  it('reads a long stream in pages, in both directions', async () => {
    const revisions = async (direction: 'forwards' | 'backwards') => {
      const found: bigint[] = [];
      const from = direction === 'forwards' ? 'start' : 'end';
      for await (const { event } of eventLog.client.readStream('long', { direction, fromRevision: from }))
        if (event) found.push(event.revision);
      return found;
    };
    await eventLog.append(
      'long',
      NO_STREAM,
      Array.from({ length: 1100 }, () => ({})),
    );
    const all = Array.from({ length: 1100 }, (_, index) => BigInt(index));
    expect(await revisions('forwards')).toEqual(all);
    expect(await revisions('backwards')).toEqual(all.reverse());
  });

  it('refuses an unsupported combination of options', async () => {
    await expect(read((options) => options.clearNoFilter())).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: 'The combination of (Stream, Count, Forwards, None) is invalid.',
    });
  });

  it('F-03 refuses a message beyond its size limit and keeps running', async () => {
    const refused = new Promise<ServiceError | null>((resolve) => {
      const call = client.append((error) => resolve(error));
      call.on('error', () => undefined);
      const proposed = new messages.AppendReq.ProposedMessage();
      proposed.setCustomMetadata(Buffer.alloc(18 * 1024 * 1024));
      const message = new messages.AppendReq();
      message.setProposedMessage(proposed);
      call.write(message);
      call.end();
    });
    expect(await refused).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    expect((await eventLog.append('after', NO_STREAM)).success).toBe(true);
  });

  it('answers methods it does not implement with UNIMPLEMENTED', async () => {
    const settings = persistentSubscriptionToStreamSettingsFromDefaults();
    await expect(eventLog.client.createPersistentSubscriptionToStream('s', 'g', settings)).rejects.toMatchObject({
      code: status.UNIMPLEMENTED,
    });
  });
});
