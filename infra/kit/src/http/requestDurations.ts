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
  return (route, requested, status, seconds) =>
    histogram.observe(
      {
        http_route: route,
        http_request_method: METHODS.has(requested) ? requested : '_OTHER',
        http_response_status_code: status,
      },
      seconds,
    );
};
