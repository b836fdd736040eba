import type { RunningEngines } from '@ums/embedded/startEngines';
import { type FaultProxy, startFaultProxy } from '../../kit/test/faultProxy.js';

/** A fault proxy in front of each dependency of the services. */
export interface BrokenNetwork {
  log: FaultProxy;
  vault: FaultProxy;
  /** Database of the read models and the notifier's records. */
  users: FaultProxy;
  mailer: FaultProxy;
  /** The engines with URLs that lead through the proxies. */
  engines: RunningEngines;
  /** Lets all proxies forward again. */
  repair(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a fault proxy for each of the engines. */
export const brokenNetwork = async (engines: RunningEngines): Promise<BrokenNetwork> => {
  const proxyFor = (url: string, protocol: 'http2' | 'other') => startFaultProxy(Number(new URL(url).port), protocol);
  const log = await proxyFor(engines.eventLog, 'http2');
  const vault = await proxyFor(engines.postgres, 'other');
  const users = await proxyFor(engines.postgres, 'other');
  const mailer = await proxyFor(engines.inbox, 'other');
  const proxies = [log, vault, users, mailer];
  return {
    ...{ log, vault, users, mailer },
    engines: {
      ...engines,
      eventLog: through(log, engines.eventLog),
      inbox: through(mailer, engines.inbox),
      vaultFor: (role) => through(vault, engines.vaultFor(role)),
      usersFor: (role) => through(users, engines.usersFor(role)),
    },
    repair: async () => void (await Promise.all(proxies.map((proxy) => proxy.set('pass')))),
    close: async () => void (await Promise.all(proxies.map((proxy) => proxy.close()))),
  };
};

/** @param url is changed to lead to the proxy, through TCP */
const through = (proxy: FaultProxy, url: string): string =>
  url.replace(/\?host=.*$/, '').replace(/:\d+(?=[/?]|$)/, `:${proxy.port}`);
