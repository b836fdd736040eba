import type { RecordedEvent } from '@ums/contracts/events/event';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { silentLog } from '@ums/kit/log';
import { readConfig } from '@ums/projector/config';
import { MAX_EVENTS_PER_BATCH } from '@ums/projector/publisher/runPublisher';
import { startProjector } from '@ums/projector/service';
import { type Figure, formatNumber } from '../report/figure.js';
import type { UseCases } from '../use-cases/openUseCases.js';
import { EVENTS_PER_USER, seedHistory } from '../use-cases/seedHistory.js';
import { batchesOf, sendBare } from './bareProducer.js';
import { publishBacklog } from './publishBacklog.js';

export interface PublishOptions {
  useCases: UseCases;
  /** URL of the read-model database, with its owner's role. */
  readModel: string;
  kafkaDir: string;
  users: number;
}

/** P15, throughput and memory of a publisher whose backlog queued up while the broker was down. */
export const publishFigures = async ({ users, ...options }: PublishOptions): Promise<Figure[]> => {
  const { useCases, readModel } = options;
  await createReadModel({ ...useCases.projector, DATABASE_URL: readModel });
  const fill = () => seedHistory(useCases.deps, users);
  const { kafka, records, seconds, cpuMs, grownMb } = await publishBacklog({ ...options, fill });
  const bare = await compareWithBare(kafka.brokers, useCases.deps.eventLog).finally(kafka.stop);
  const perCpuSecond = (1_000 * records) / cpuMs;
  const details = `${records} records of ${users * EVENTS_PER_USER} events that queued up while the broker was down`;
  return [
    {
      name: 'P15 publisher against a bare loop of kafkajs as published',
      measured: perCpuSecond / bare,
      unit: '× records/cpu-s',
      target: { atLeast: 0.7 },
      details: `${formatNumber(perCpuSecond)} against ${formatNumber(bare)} records/cpu-s; ${details}; the kafkajs of the publisher is patched (decision 16); the publisher also reads the log and keeps states and checkpoint, the loop has its records ready`,
    },
    {
      name: 'backlog, records published',
      measured: records / seconds,
      unit: '1/s',
      target: { atLeast: 10_000 },
      details,
    },
    { name: 'backlog, growth of memory', measured: grownMb, unit: 'MB', target: { atMost: 50 }, details },
  ];
};

/** A projector that starts without a schema would migrate it while it is measured. */
const createReadModel = async (env: Readonly<Record<string, string | undefined>>): Promise<void> => {
  const projector = await startProjector(readConfig(env), { log: silentLog });
  await projector.close();
};

/** @returns records per CPU second of the bare loop, in a process that has sent nothing before, as the publisher's. */
const compareWithBare = async (broker: string, eventLog: EventLog): Promise<number> => {
  const batches = batchesOf(await allEvents(eventLog), MAX_EVENTS_PER_BATCH);
  const count = batches.flat().length;
  return (1_000 * count) / (await sendBare(broker, batches));
};

const PAGE = 1_000;

const allEvents = async (eventLog: EventLog): Promise<RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  for (;;) {
    const page = await eventLog.readAll(events.at(-1)?.position, PAGE);
    events.push(...page);
    if (page.length < PAGE) return events;
  }
};
