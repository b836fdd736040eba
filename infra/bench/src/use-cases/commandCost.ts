import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, type JSONType, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import type { LiveCaller } from '@ums/command-api/authorization/liveCaller';
import { updateUser } from '@ums/command-api/profile/updateUser';
import type { RecordedEvent } from '@ums/contracts/events/event';
import { userStream } from '@ums/contracts/streams';
import { atLast } from '../load/atLast.js';
import { compareCosts, cpuPerOperation } from '../load/compareCosts.js';
import { cpuOfTree } from '../load/cpuOfTree.js';
import { runParallel } from '../load/runParallel.js';
import { type Figure, formatNumber } from '../report/figure.js';
import type { UseCases } from './openUseCases.js';
import { callerOf, registerUsers, requestOrigin } from './registerUsers.js';

export interface CommandCostSizes {
  rounds: number;
  /** Parallel commands, each for a different user. */
  lanes: number;
  /** Commands for each user, one after another. */
  perUser: number;
}

const credentials = { username: 'bench', password: 'bench' };

/**
 * P16: CPU time of a command without HTTP and password hash (load, unseal, decide, seal, append, settle), compared with
 * reading and appending the same bytes with the client alone. Both include log server and Postgres.
 */
export const commandCost = async (
  { deps, engines }: UseCases,
  { rounds, lanes, perUser }: CommandCostSizes,
): Promise<Figure> => {
  const client = EventStoreDBClient.connectionString(engines.eventLog);
  const cpu = () => cpuOfTree(process.pid);
  const count = lanes * perUser;
  const [example] = await registerUsers(deps, 1);
  if (example === undefined) throw new Error('no user was registered');
  const caller = await callerOf(deps, example);
  await atLast(() => updateUser(deps, { caller, name: 'Ada 0' }, requestOrigin()));
  const [first, next] = await deps.eventLog.readStream(userStream(example));
  if (first === undefined || next === undefined) throw new Error('a renamed user has fewer than two events');

  const baseline = async () => {
    const streams = Array.from({ length: lanes }, () => `bench-${randomUUID()}`);
    await Promise.all(streams.map((stream) => write(client, stream, first, NO_STREAM)));
    return cpuPerOperation(cpu, count, () =>
      runParallel({ count, lanes }, async (_, lane) => {
        const stream = streams[lane] as string;
        await write(client, stream, next, await lastRevision(client, stream));
      }),
    );
  };
  const commands = async () => {
    const ids = await registerUsers(deps, lanes);
    const callers = await Promise.all(ids.map((id) => callerOf(deps, id)));
    return cpuPerOperation(cpu, count, () =>
      runParallel({ count, lanes }, (index, lane) =>
        atLast(() =>
          updateUser(deps, { caller: callers[lane] as LiveCaller, name: `Ada ${index + 1}` }, requestOrigin()),
        ),
      ),
    );
  };
  try {
    const { ratio, ours, baseline: alone } = await compareCosts(rounds, commands, baseline);
    return {
      name: 'P16 command without HTTP',
      measured: ratio,
      unit: '× plain read + append',
      target: { atMost: 2 },
      details: `${lanes} renames in parallel: ${formatNumber(ours)} cpu-ms each including log server and Postgres, compared with ${formatNumber(alone)}; median of ${rounds} rounds of ${count} operations`,
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
