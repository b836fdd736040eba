import { randomUUID } from 'node:crypto';
import { EVENTS_TOPIC } from '@ums/contracts/kafka/topics';
import kafkajs from 'kafkajs';
import { median, percentile } from '../load/statistics.js';
import type { Figure } from '../report/figure.js';
import { ask } from '../service/ask.js';
import { atPace, type Pace } from '../service/atPace.js';
import type { MeasuredService } from '../service/measuredService.js';
import type { TestUser } from '../service/testUsers.js';

const { Kafka, logLevel } = kafkajs;

const LONGEST_WAIT_MS = 30_000;

/**
 * P13: time from the answer of a command until a consumer in this process has its event. The consumer is one of kafkajs with
 * its defaults, in a group of its own.
 */
export const deliveryTime = async (
  { api }: MeasuredService,
  users: readonly TestUser[],
  { broker, pace }: { broker: string; pace: Pace },
): Promise<Figure[]> => {
  const consumer = await consumeEvents(broker);
  try {
    const delays = await atPace(users, pace, async ({ accessToken: token }, index) => {
      const { body } = await ask(api, 'PUT', '/user', { token, body: { name: `Grace ${index}` } });
      const acknowledged = performance.now();
      const { id, revision } = body as { id: string; revision: number };
      // Below 0 when the consumer was faster than the answer.
      return Math.max(0, (await consumer.arrival(id, revision)) - acknowledged);
    });
    const details = `from the answer of PUT /user to a consumer of the event topic; ${pace.commands} commands at ${pace.perSecond}/s`;
    const figure = { unit: 'ms', details };
    return [
      { name: 'P13 time until in Kafka, p50', measured: median(delays), target: { atMost: 15 }, ...figure },
      { name: 'P13 time until in Kafka, p99', measured: percentile(delays, 0.99), target: { atMost: 100 }, ...figure },
    ];
  } finally {
    await consumer.close();
  }
};

const consumeEvents = async (broker: string) => {
  const arrivals = new Map<string, number>();
  const waiting = new Map<string, (at: number) => void>();
  const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `bench-${randomUUID()}` });
  // Where it begins to read is known once a fetch has ended, and not when one starts.
  const reading = new Promise<void>((resolve) => consumer.on(consumer.events.FETCH, () => resolve()));
  await consumer.connect();
  await consumer.subscribe({ topic: EVENTS_TOPIC.name, fromBeginning: false });
  await consumer.run({
    eachMessage: async ({ message: { key, headers } }) => {
      const name = `${key} ${headers?.ce_revision}`;
      const at = performance.now();
      arrivals.set(name, at);
      waiting.get(name)?.(at);
    },
  });
  await reading;
  return {
    /** When the consumer got the event of a user with this revision. @throws Error when it does not come in time */
    arrival: (userId: string, revision: number): Promise<number> =>
      new Promise((resolve, reject) => {
        const name = `${userId} ${revision}`;
        const arrived = arrivals.get(name);
        if (arrived !== undefined) return resolve(arrived);
        const timer = setTimeout(
          () => reject(new Error(`an event was not delivered in ${LONGEST_WAIT_MS} ms`)),
          LONGEST_WAIT_MS,
        );
        waiting.set(name, (at) => {
          clearTimeout(timer);
          resolve(at);
        });
      }),
    close: () => consumer.disconnect(),
  };
};
