import { setTimeout as sleep } from 'node:timers/promises';
import type { Readiness, RunningService } from '@ums/kit/readiness';
import { StartRefused } from '@ums/kit/startRefused';

type Services = Readonly<Record<string, Pick<RunningService, 'readiness'>>>;

/** Ready when every service is ready. Checks and lags get the service's name as prefix: `notifier.vault`. */
export const readinessOfServices = async (services: Services): Promise<Readiness> => {
  const all = await Promise.all(
    Object.entries(services).map(async ([name, service]) => ({ name, ...(await service.readiness()) })),
  );
  const prefixed = <T>(select: (readiness: Readiness) => Readonly<Record<string, T>> | undefined): Record<string, T> =>
    Object.fromEntries(
      all.flatMap((one) => Object.entries(select(one) ?? {}).map(([key, value]) => [`${one.name}.${key}`, value])),
    );
  return {
    ready: all.every(({ ready }) => ready),
    checks: prefixed(({ checks }) => checks),
    lag: prefixed(({ lag }) => lag),
  };
};

/** @throws StartRefused with the checks that are not up after `timeoutMs`. */
export const waitUntilReady = async (services: Services, timeoutMs: number): Promise<void> => {
  for (const deadline = performance.now() + timeoutMs; ; await sleep(20)) {
    const { ready, checks } = await readinessOfServices(services);
    if (ready) return;
    if (performance.now() < deadline) continue;
    const missing = Object.keys(checks).filter((name) => checks[name] !== 'up');
    throw new StartRefused(`The service did not become ready; not up: ${missing.join(', ') || 'all services'}.`);
  }
};
