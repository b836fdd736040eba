/** A dependency is down, too slow, or its breaker is open. HTTP answers it with 503 and Retry-After. */
export class DependencyUnavailable extends Error {
  override readonly name = 'DependencyUnavailable';

  /** @param wasCalled false: the call was refused before it was sent, so it certainly had no effect. */
  constructor(
    readonly dependency: string,
    cause?: unknown,
    readonly wasCalled = true,
  ) {
    super(`${dependency} is unavailable`, { cause });
  }
}
