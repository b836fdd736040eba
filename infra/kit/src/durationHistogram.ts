/** The observations with one combination of labels. */
export interface Series {
  observe(seconds: number): void;
}

export interface DurationHistogram<L extends string> {
  /** The series with these labels, created on first use. The caller keeps it: observing must cost next to nothing. */
  series(labels: Readonly<Record<L, string>>): Series;
  /** In the Prometheus text format. */
  text(): string;
}

/** In seconds, as the semantic conventions of OpenTelemetry advise for `http.server.request.duration`. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] as const;

/**
 * A histogram of durations. Unlike that of prom-client, it looks nothing up and builds no string for an observation.
 *
 * @param labelNames values of these labels must not contain quotes, backslashes or line breaks.
 */
export const durationHistogram = <L extends string>(
  name: string,
  help: string,
  labelNames: readonly L[],
): DurationHistogram<L> => {
  const known = new Map<string, { series: Series; lines(): string[] }>();
  const create = (labels: string) => {
    const counts = new Array<number>(BOUNDS.length + 1).fill(0);
    let sum = 0;
    const series: Series = {
      observe: (seconds) => {
        let bucket = 0;
        while (seconds > (BOUNDS[bucket] ?? Number.POSITIVE_INFINITY)) bucket += 1;
        counts[bucket] = (counts[bucket] ?? 0) + 1;
        sum += seconds;
      },
    };
    const lines = (): string[] => {
      let total = 0;
      const buckets = counts.map((count, bucket) => {
        total += count;
        return `${name}_bucket{${labels},le="${BOUNDS[bucket] ?? '+Inf'}"} ${total}`;
      });
      return [...buckets, `${name}_sum{${labels}} ${sum}`, `${name}_count{${labels}} ${total}`];
    };
    return { series, lines };
  };
  return {
    series: (labels) => {
      const key = labelNames.map((label) => `${label}="${labels[label]}"`).join(',');
      const found = known.get(key) ?? create(key);
      known.set(key, found);
      return found.series;
    },
    text: () =>
      [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} histogram`,
        ...[...known.values()].flatMap(({ lines }) => lines()),
        '',
      ].join('\n'),
  };
};
