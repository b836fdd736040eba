import { Counter, Gauge, Histogram, register } from 'prom-client';

/** The process-wide counter of this name, created on first use. Labels never hold user data. */
export const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> =>
  (register.getSingleMetric(name) as Counter<L> | undefined) ?? new Counter({ name, help, labelNames });

/** The process-wide gauge of this name, created on first use. Labels never hold user data. */
export const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> =>
  (register.getSingleMetric(name) as Gauge<L> | undefined) ?? new Gauge({ name, help, labelNames });

/** A value of a gauge, with its labels. */
export type Reading<L extends string> = readonly [labels: Readonly<Record<L, string>>, value: number];

type Read<L extends string> = () => readonly Reading<L>[] | Promise<readonly Reading<L>[]>;

const readersByName = new Map<string, Set<Read<string>>>();

/**
 * Adds values to the process-wide gauge of this name that are read when the metrics are asked for. Values of a read that fails
 * are left out, so that the others are still served.
 *
 * @returns removes the values.
 */
export const readGauge = <L extends string>(
  name: string,
  help: string,
  labelNames: readonly L[],
  read: Read<L>,
): (() => void) => {
  const readers = readersByName.get(name) ?? createReadGauge(name, help, labelNames);
  readers.add(read as Read<string>);
  return () => void readers.delete(read as Read<string>);
};

const createReadGauge = (name: string, help: string, labelNames: readonly string[]): Set<Read<string>> => {
  const readers = new Set<Read<string>>();
  readersByName.set(name, readers);
  new Gauge({
    name,
    help,
    labelNames,
    async collect() {
      const settled = await Promise.allSettled([...readers].map(async (read) => read()));
      this.reset();
      // Without labels, a reset gauge is 0 instead of absent.
      if (labelNames.length === 0) this.remove({});
      for (const readings of settled)
        if (readings.status === 'fulfilled') for (const [labels, value] of readings.value) this.set(labels, value);
    },
  });
  return readers;
};

/** In seconds, as the semantic conventions of OpenTelemetry advise for `http.server.request.duration`. */
const DURATION_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** The process-wide histogram of durations in seconds of this name, created on first use. Labels never hold user data. */
export const durations = <L extends string>(name: string, help: string, labelNames: readonly L[]): Histogram<L> =>
  (register.getSingleMetric(name) as Histogram<L> | undefined) ??
  new Histogram({ name, help, labelNames, buckets: DURATION_BOUNDS });

/** All metrics of the process in the Prometheus text format. */
export const metricsText = async (): Promise<{ contentType: string; text: string }> => ({
  contentType: register.contentType,
  text: await register.metrics(),
});
