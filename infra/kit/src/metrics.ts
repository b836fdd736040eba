import { Counter, Gauge, register } from 'prom-client';

/** A counter of the process: the same one whoever asks for its name. Labels name things of ours, never a person. */
export const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> =>
  (register.getSingleMetric(name) as Counter<L> | undefined) ?? new Counter({ name, help, labelNames });

/** A gauge of the process: the same one whoever asks for its name. */
export const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> =>
  (register.getSingleMetric(name) as Gauge<L> | undefined) ?? new Gauge({ name, help, labelNames });

/** All metrics of the process in Prometheus' text format. */
export const metricsText = async (): Promise<{ contentType: string; text: string }> => ({
  contentType: register.contentType,
  text: await register.metrics(),
});
