import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, type JSONType, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { renameUser } from '@ums/command-api/profile/renameUser';
import type { RecordedEvent } from '@ums/contracts/events/event';
import { userStream } from '@ums/contracts/streams';
import { cpuOfTree } from '../load/cpuOfTree.js';
import { inFlight } from '../load/inFlight.js';
import { costOf, sideBySide } from '../load/sideBySide.js';
import { type Figure, shown } from '../report/figure.js';
import type { Core } from './openCore.js';
import { caller, liveAs, users } from './users.js';

export interface AppendSizes {
  rounds: number;
  /** Commands in flight, each on a user of its own. */
  lanes: number;
  /** Commands on each of these users, one after another. */
  each: number;
}

const credentials = { username: 'bench', password: 'bench' };

/**
 * P16: what a command costs without HTTP and hash (load, unseal, decide, seal, append, settle), against reading and
 * appending the same bytes with the client alone. Log server and Postgres are counted on both sides.
 */
export const appendCost = async ({ deps, engines }: Core, { rounds, lanes, each }: AppendSizes): Promise<Figure> => {
  const client = EventStoreDBClient.connectionString(engines.eventLog);
  const cpu = () => cpuOfTree(process.pid);
  const count = lanes * each;
  const [example] = await users(deps, 1);
  if (example === undefined) throw new Error('there is no user to take as an example');
  await renameUser(deps, { caller: liveAs(example), name: 'Ada 0' }, caller());
  const [first, next] = await deps.eventLog.readStream(userStream(example));
  if (first === undefined || next === undefined) throw new Error('a renamed user has fewer than two events');

  const bare = async () => {
    const streams = Array.from({ length: lanes }, () => `bench-${randomUUID()}`);
    await Promise.all(streams.map((stream) => write(client, stream, first, NO_STREAM)));
    return costOf(cpu, count, () =>
      inFlight({ count, lanes }, async (_, lane) => {
        const stream = streams[lane] as string;
        await write(client, stream, next, await lastRevision(client, stream));
      }),
    );
  };
  const commands = async () => {
    const ids = await users(deps, lanes);
    return costOf(cpu, count, () =>
      inFlight({ count, lanes }, (index, lane) =>
        renameUser(deps, { caller: liveAs(ids[lane] as string), name: `Ada ${index + 1}` }, caller()),
      ),
    );
  };
  try {
    const { ratio, ours, bare: alone } = await sideBySide(rounds, commands, bare);
    return {
      name: 'P16 command without HTTP',
      measured: ratio,
      unit: '× bare read + append',
      target: { atMost: 2 },
      how: `renames, ${lanes} in flight: ${shown(ours)} cpu-ms with log server and Postgres against ${shown(alone)}; median of ${rounds} rounds of ${count} each`,
    };
  } finally {
    await client.dispose();
  }
};

const write = (
  client: EventStoreDBClient,
  stream: string,
  { type, data, metadata }: RecordedEvent,
  expectedRevision: bigint | typeof NO_STREAM,
) => {
  const event = jsonEvent({ type, data: data as JSONType, metadata: metadata as JSONType });
  return client.appendToStream(stream, event, { expectedRevision, credentials });
};

const lastRevision = async (client: EventStoreDBClient, stream: string): Promise<bigint> => {
  let revision = -1n;
  for await (const { event } of client.readStream(stream)) revision = event?.revision ?? revision;
  return revision;
};
