import { setTimeout as sleep } from 'node:timers/promises';
import { PUBLISHER } from '@ums/contracts/kafka/publisher';
import { USER_PROFILE_PROJECTION } from '@ums/contracts/reducers/userProfile';
import { freePort } from '@ums/embedded/freePort';
import { type Kafka, startKafka } from '@ums/engines/kafka/startKafka';
import pg from 'pg';
import { projectorWithoutBroker } from '../program/launches.js';
import { type Program, withProgram } from '../program/startProgram.js';
import type { UseCases } from '../use-cases/openUseCases.js';

/** How a backlog was published. */
export interface PublishedBacklog {
  /** Records that the broker acknowledged, of all topics. */
  records: number;
  /** From the start of the broker to the last move of the checkpoint. */
  seconds: number;
  /** CPU time of the projector from the start of the broker on, in ms. */
  cpuMs: number;
  /** How much the resident memory of the projector grew at most, in MB. */
  grownMb: number;
}

export interface BacklogOptions {
  useCases: UseCases;
  /** URL of the read-model database, with its owner's role. */
  readModel: string;
  /** Folder of a broker that does not run. */
  kafkaDir: string;
  /** Appends events to the log. */
  fill(): Promise<void>;
}

const POLL_MS = 50;
const LONGEST_WAIT_MS = 600_000;

/**
 * Runs a projector without a broker, appends events until the read model has them, and then starts the broker. What the
 * projector uses from then on is the publisher's.
 *
 * @returns the broker too, which still runs
 */
export const publishBacklog = async (options: BacklogOptions): Promise<PublishedBacklog & { kafka: Kafka }> => {
  const { useCases, readModel, kafkaDir, fill } = options;
  const { brokers, port, stop } = await startKafka({ dataDir: kafkaDir });
  await stop();
  const metricsPort = await freePort(0);
  const client = new pg.Client({ connectionString: readModel });
  await client.connect();
  const measure = async (projector: Program) => {
    await fill();
    const head = (await useCases.deps.eventLog.head()) ?? -1n;
    await untilAt(client, USER_PROFILE_PROJECTION, head);
    const [cpuBefore, memoryBefore] = [await projector.cpu(), await projector.memory()];
    const kafka = await startKafka({ dataDir: kafkaDir, port });
    try {
      const since = performance.now();
      let memory = memoryBefore;
      await untilAt(client, PUBLISHER, head, async () => {
        memory = Math.max(memory, await projector.memory());
      });
      const seconds = (performance.now() - since) / 1_000;
      const cpuMs = (await projector.cpu()) - cpuBefore;
      return { records: await recordsSent(metricsPort), seconds, cpuMs, grownMb: memory - memoryBefore, kafka };
    } catch (error) {
      await kafka.stop();
      throw error;
    }
  };
  const env = { ...useCases.projector, DATABASE_URL: readModel, KAFKA_BROKERS: brokers };
  const launch = projectorWithoutBroker({ ...env, METRICS_PORT: String(metricsPort) });
  return withProgram(launch, measure).finally(() => client.end());
};

const positionOf = async (client: pg.Client, name: string): Promise<bigint> => {
  const { rows } = await client.query('select position from read.checkpoint where name = $1', [name]);
  return BigInt(rows[0]?.position ?? -1);
};

const untilAt = async (
  client: pg.Client,
  name: string,
  position: bigint,
  onPoll: () => Promise<void> = async () => undefined,
): Promise<void> => {
  for (const end = performance.now() + LONGEST_WAIT_MS; performance.now() < end; await sleep(POLL_MS)) {
    const at = await positionOf(client, name);
    await onPoll();
    if (at >= position) return;
  }
  throw new Error(`${name} did not reach position ${position} within ${LONGEST_WAIT_MS} ms`);
};

const recordsSent = async (metricsPort: number): Promise<number> => {
  const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  return Number(/^ums_publisher_records_total (\d+)$/m.exec(metrics)?.[1]);
};
