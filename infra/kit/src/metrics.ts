import { Counter, Gauge, register } from 'prom-client';

/** The process-wide counter of this name, created on first use. Labels never hold user data. */
export const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> =>
  (register.getSingleMetric(name) as Counter<L> | undefined) ?? new Counter({ name, help, labelNames });

/** The process-wide gauge of this name, created on first use. Labels never hold user data. */
export const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> =>
  (register.getSingleMetric(name) as Gauge<L> | undefined) ?? new Gauge({ name, help, labelNames });

/** All metrics of the process in the Prometheus text format. */
export const metricsText = async (): Promise<{ contentType: string; text: string }> => ({
  contentType: register.contentType,
  text: await register.metrics(),
});
