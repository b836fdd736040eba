import type { Series } from '../durationHistogram.js';
import { durations } from '../metrics.js';

/** Any other method is `_OTHER`, as the semantic conventions of OpenTelemetry demand. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * Observes the duration of a request.
 *
 * @param route template of the route, never a path that was sent: each route is a series of its own.
 */
export type ObserveRequest = (route: string, method: string, status: number, seconds: number) => void;

/** Fills `http_server_request_duration_seconds`, named after the semantic conventions of OpenTelemetry. */
export const requestDurations = (): ObserveRequest => {
  const histogram = durations(
    'http_server_request_duration_seconds',
    'Duration of HTTP requests until their response ends.',
    ['http_route', 'http_request_method', 'http_response_status_code'],
  );
  /** By route, method and status, so that a request looks its series up without making a key. */
  const found = new Map<string, Map<string, Series[]>>();

  const seriesOf = (route: string, method: string, status: number): Series => {
    const series = histogram.series({
      http_route: route,
      http_request_method: method,
      http_response_status_code: String(status),
    });
    const methods = found.get(route) ?? new Map<string, Series[]>();
    const statuses = methods.get(method) ?? [];
    statuses[status] = series;
    found.set(route, methods.set(method, statuses));
    return series;
  };

  return (route, requested, status, seconds) => {
    const method = METHODS.has(requested) ? requested : '_OTHER';
    const series = found.get(route)?.get(method)?.[status] ?? seriesOf(route, method, status);
    series.observe(seconds);
  };
};
