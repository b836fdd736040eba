import { type Reader, reader } from '../env.js';
import { InvalidSetting } from '../invalidSetting.js';
import { isLoopback } from '../transport/isLoopback.js';
import { encrypted } from '../transport/requireTls.js';

/** kafkajs splits at the first colon, so an IPv6 address needs a name. */
const HOST_AND_PORT = /^[A-Za-z0-9._-]+:(\d{1,5})$/;

/** A comma-separated list of brokers, each as `host:port`. */
export const brokers = (): Reader<readonly string[]> =>
  encrypted(
    reader((value) => {
      const entries = value.split(',').map((entry) => entry.trim());
      const isValid = entries.every((entry) => {
        const port = Number(HOST_AND_PORT.exec(entry)?.[1]);
        return port > 0 && port <= 65_535;
      });
      if (!isValid) throw new InvalidSetting('must be a list like broker-1:9092,broker-2:9092');
      return entries;
    }, undefined),
    {
      isSafe: (entries, env) =>
        env.KAFKA_TLS?.trim() === 'true' || entries.every((entry) => isLoopback(entry.replace(/:\d+$/, ''))),
      advice: 'set KAFKA_TLS=true',
    },
  );
