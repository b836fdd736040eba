import { readGauge } from './metrics.js';
import type { Readiness } from './readiness.js';

/** Exposes whether the process is ready and which of its checks are up, as they are when the metrics are asked for. */
export const exposeReadiness = (readiness: () => Promise<Readiness>): void => {
  let checking: Promise<Readiness> | undefined;
  const check = (): Promise<Readiness> => {
    checking ??= readiness().finally(() => {
      checking = undefined;
    });
    return checking;
  };
  readGauge('ums_ready', 'Whether the process may take traffic: 1 or 0.', [], async () => {
    const { ready } = await check();
    return [[{}, Number(ready)]];
  });
  readGauge('ums_check_up', 'Whether a check of the readiness is up: 1 or 0.', ['check'], async () => {
    const { checks } = await check();
    return Object.entries(checks).map(([name, state]) => [{ check: name }, Number(state === 'up')]);
  });
};
