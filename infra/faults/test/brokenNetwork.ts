import type { RunningEngines } from '@ums/embedded/startEngines';
import { type FaultProxy, startFaultProxy } from '../../kit/test/faultProxy.js';

/** A proxy before each dependency of the services. */
export interface BrokenNetwork {
  log: FaultProxy;
  vault: FaultProxy;
  /** Read models and the notifier's records. */
  users: FaultProxy;
  mailer: FaultProxy;
  /** The engines as they are reached through it. */
  engines: RunningEngines;
  /** Lets everything pass again. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

/** Puts a network that breaks on demand before engines. */
export const brokenNetwork = async (engines: RunningEngines): Promise<BrokenNetwork> => {
  const before = (url: string, protocol: 'http2' | 'other') => startFaultProxy(Number(new URL(url).port), protocol);
  const log = await before(engines.eventLog, 'http2');
  const vault = await before(engines.postgres, 'other');
  const users = await before(engines.postgres, 'other');
  const mailer = await before(engines.inbox, 'other');
  const proxies = [log, vault, users, mailer];
  return {
    ...{ log, vault, users, mailer },
    engines: {
      ...engines,
      eventLog: by(log, engines.eventLog),
      inbox: by(mailer, engines.inbox),
      vaultFor: (role) => by(vault, engines.vaultFor(role)),
      usersFor: (role) => by(users, engines.usersFor(role)),
    },
    heal: async () => void (await Promise.all(proxies.map((proxy) => proxy.set('pass')))),
    close: async () => void (await Promise.all(proxies.map((proxy) => proxy.close()))),
  };
};

const by = (proxy: FaultProxy, url: string): string => url.replace(/:\d+(?=[/?]|$)/, `:${proxy.port}`);
