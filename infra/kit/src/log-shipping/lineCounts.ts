import { Counter, register } from 'prom-client';

/** Lines since the shipping began: `indexed + dropped + waiting = logged`. */
export interface LineCounts {
  logged: number;
  indexed: number;
  /** The oldest ones of a full ring, those that OpenSearch refused, and those that waited at the end of the process. */
  dropped: number;
  waiting: number;
}

const NAME = 'ums_log_lines_total';

/** Exposes the counts as a metric of the process, instead of those exposed before. */
export const exposeLineCounts = (counts: () => LineCounts): void => {
  register.removeSingleMetric(NAME);
  new Counter({
    name: NAME,
    help: 'Log lines for OpenSearch, by outcome.',
    labelNames: ['outcome'],
    collect() {
      const { indexed, dropped } = counts();
      this.reset();
      this.inc({ outcome: 'indexed' }, indexed);
      this.inc({ outcome: 'dropped' }, dropped);
    },
  });
};
