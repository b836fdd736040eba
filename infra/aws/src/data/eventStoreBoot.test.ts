import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { eventStoreBoot } from './eventStoreBoot.js';

const HOSTS = ['eventstore-1.test.ums.internal', 'eventstore-2.test.ums.internal', 'eventstore-3.test.ums.internal'];

const bootOf = (host: string, hosts: readonly string[]): string =>
  eventStoreBoot({ environment: 'test', account: '111122223333', host, hosts }).join('\n');

const settingIn = (boot: string, name: string): string | undefined =>
  new RegExp(`^echo 'EVENTSTORE_${name}=(.*)' >>`, 'm').exec(boot)?.[1];

describe('the boot script of the event log', () => {
  it('is one that a shell can read', () => {
    execFileSync('bash', ['-n'], { input: bootOf(HOSTS[0] as string, HOSTS) });
  });

  it('tells each node of a cluster about the others', () => {
    const boot = bootOf(HOSTS[1] as string, HOSTS);
    expect(settingIn(boot, 'CLUSTER_SIZE')).toBe('3');
    expect(settingIn(boot, 'GOSSIP_SEED')).toBe(`${HOSTS[0]}:2113,${HOSTS[2]}:2113`);
    expect(settingIn(boot, 'NODE_HOST_ADVERTISE_AS')).toBe(HOSTS[1]);
  });

  it('lets a node that is alone look for nobody', () => {
    const boot = bootOf(HOSTS[0] as string, HOSTS.slice(0, 1));
    expect([settingIn(boot, 'CLUSTER_SIZE'), settingIn(boot, 'GOSSIP_SEED')]).toEqual(['1', undefined]);
  });

  it('never turns TLS off', () => {
    expect(bootOf(HOSTS[0] as string, HOSTS)).not.toMatch(/INSECURE|DISABLE_TLS|DEV=/);
  });

  it('K-01 holds no secret, and formats a volume only if it is empty', () => {
    const boot = bootOf(HOSTS[0] as string, HOSTS);
    expect(boot).toContain('blkid /dev/sdf || mkfs.xfs /dev/sdf');
    expect(boot.match(/PASSWORD=\S+/g)).toEqual([
      'PASSWORD=$(aws',
      'PASSWORD=%s\\nEVENTSTORE_DEFAULT_OPS_PASSWORD=%s\\n"',
    ]);
  });
});
