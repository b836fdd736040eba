import { setTimeout as sleep } from 'node:timers/promises';
import type { Readiness, RunningService } from '@ums/kit/readiness';
import { StartRefused } from '@ums/kit/startRefused';

type Services = Readonly<Record<string, Pick<RunningService, 'readiness'>>>;

/** Ready when every service is; checks and lags carry the service's name. */
export const readinessOfAll = async (services: Services): Promise<Readiness> => {
  const all = await Promise.all(
    Object.entries(services).map(async ([name, service]) => ({ name, ...(await service.readiness()) })),
  );
  const named = <T>(of: (readiness: Readiness) => Readonly<Record<string, T>> | undefined): Record<string, T> =>
    Object.fromEntries(
      all.flatMap((one) => Object.entries(of(one) ?? {}).map(([key, value]) => [`${one.name}.${key}`, value])),
    );
  return {
    ready: all.every(({ ready }) => ready),
    checks: named(({ checks }) => checks),
    lag: named(({ lag }) => lag),
  };
};

/** @throws StartRefused naming what is not up, once the time is over. */
export const untilReady = async (services: Services, patienceMs: number): Promise<void> => {
  for (const deadline = performance.now() + patienceMs; ; await sleep(20)) {
    const { ready, checks } = await readinessOfAll(services);
    if (ready) return;
    if (performance.now() < deadline) continue;
    const missing = Object.keys(checks).filter((name) => checks[name] !== 'up');
    throw new StartRefused(`The service does not become ready; still missing: ${missing.join(', ') || 'everything'}.`);
  }
};
