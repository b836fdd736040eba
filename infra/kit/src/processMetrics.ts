import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { Counter, collectDefaultMetrics, register } from 'prom-client';
import { readGauge } from './metrics.js';

/** Of prom-client's own monitor of the event loop, which otherwise wakes an idle process a hundred times a second. */
const NEVER_MS = 2 ** 31 - 1;
/** Default metrics that this monitor would fill, and some whose labels are class names of Node. */
const LEFT_OUT =
  /^nodejs_(eventloop_lag_(min_|max_|mean_|stddev_|p\d+_)?seconds|active_(handles|requests|resources)(_total)?)$/;
/** Time between two measurements of the event loop: a longer delay is always seen, a shorter one with some probability. */
const RESOLUTION_MS = 500;

/**
 * Exposes processor time, memory, garbage collection, file descriptors and event loop of this process. The names are those of
 * prom-client, and of OpenTelemetry's semantic conventions for the event loop. Further calls do nothing.
 */
export const exposeProcess = (): void => {
  if (register.getSingleMetric('process_cpu_seconds_total') !== undefined) return;
  const before = new Set(register.getMetricsAsArray().map(({ name }) => name));
  collectDefaultMetrics({ eventLoopMonitoringPrecision: NEVER_MS });
  for (const { name } of register.getMetricsAsArray())
    if (!before.has(name) && LEFT_OUT.test(name)) register.removeSingleMetric(name);
  exposeEventLoopDelay();
  exposeEventLoopTime();
};

/** The values are those since the metrics were last asked for. */
const exposeEventLoopDelay = (): void => {
  const intervals = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  intervals.enable();
  const delay = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1_000);
  const help = (which: string): string => `${which} delay of the event loop since the metrics were last read.`;
  // Before the longest delay, whose reading begins anew.
  readGauge('nodejs_eventloop_delay_p99_seconds', help('99th percentile of the'), [], () => [
    [{}, intervals.count === 0 ? 0 : delay(intervals.percentile(99))],
  ]);
  readGauge('nodejs_eventloop_delay_max_seconds', help('Longest'), [], () => {
    const longest = intervals.count === 0 ? 0 : delay(intervals.max);
    intervals.reset();
    return [[{}, longest]];
  });
};

const exposeEventLoopTime = (): void => {
  new Counter({
    name: 'nodejs_eventloop_time_seconds_total',
    help: 'Time that the event loop was active, and that it waited for events.',
    labelNames: ['nodejs_eventloop_state'],
    collect() {
      const { active, idle } = performance.eventLoopUtilization();
      this.reset();
      this.inc({ nodejs_eventloop_state: 'active' }, active / 1_000);
      this.inc({ nodejs_eventloop_state: 'idle' }, idle / 1_000);
    },
  });
};
