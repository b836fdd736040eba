/** One route as the host must know it. */
export interface HostedRoute {
  method: 'get' | 'post' | 'put' | 'delete';
  /** Below the prefix; parameters as `{name}`. */
  path: string;
  /** Its GET uses up a secret, so it serves no HEAD. */
  checksSecret?: boolean;
  /** Its body may also be a browser's form. */
  acceptsForm?: boolean;
}

/** What the host must know of the API it serves. */
export interface HostedApi {
  /** Shown at `/`. */
  service: string;
  /** Where the routers are mounted, `/api/v1`. */
  prefix: string;
  routes: readonly HostedRoute[];
  /** Headers of the API's own that requests and answers carry, each at most once. */
  headers: readonly string[];
}
