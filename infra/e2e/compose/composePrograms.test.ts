import { beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig as commandApi } from '@ums/command-api/config';
import { readConfig as databases } from '@ums/commands/databases/createDatabases';
import type { Environment } from '@ums/kit/env';
import { logAddress } from '@ums/kit/event-log/logClient';
import { readConfig as notary } from '@ums/notary/config';
import { readConfig as notifier } from '@ums/notifier/config';
import { readConfig as projector } from '@ums/projector/config';
import { readConfig as queryApi } from '@ums/query-api/config';
import { parse } from 'yaml';
import { environmentOf, PROGRAMS, type ProgramName, readText, serviceOf } from './composeFile.js';
import { secretsForTests } from './secretsForTests.js';

const READERS: Readonly<Record<ProgramName, (env: Environment) => Readonly<Record<string, unknown>>>> = {
  'command-api': commandApi,
  'query-api': (env) => queryApi({ ...env }),
  projector: (env) => projector({ ...env }),
  notifier: (env) => notifier({ ...env }),
  notary: (env) => notary({ ...env }),
  databases,
};

/** What the containers listen on, as their own environment and their health checks say. */
const portOf = (name: string): string => {
  const { environment = {}, healthcheck } = serviceOf(name);
  const { PORT, METRICS_PORT } = environment;
  return PORT ?? METRICS_PORT ?? /127\.0\.0\.1:(\d+)/.exec(JSON.stringify(healthcheck))?.[1] ?? '';
};

let secrets: Environment;
beforeAll(async () => {
  secrets = await secretsForTests();
});

describe.each(PROGRAMS)('the container %s', (name) => {
  it('has every variable that its program requires, and none that it does not read', () => {
    const environment = environmentOf(name, secrets);
    const config = READERS[name](environment);
    expect(Object.keys(config)).toEqual(expect.arrayContaining(Object.keys(environment)));
  });

  it('finds the other containers at the ports on which they listen', () => {
    const addresses = Object.values(environmentOf(name, secrets)).flatMap((value) => {
      const [, host, port] = /^(?:\w+:\/\/)(?:[^@/]*@)?([a-z-]+):(\d+)/.exec(value) ?? [];
      return host === undefined || port === undefined ? [] : [{ host, port }];
    });
    const known: Record<string, string> = { postgres: '5432', kafka: '9092' };
    expect(addresses.length).toBeGreaterThan(0);
    for (const { host, port } of addresses) expect(port).toBe(known[host] ?? portOf(host));
  });
});

describe('the containers', () => {
  it('reach Kafka at the address that its listener advertises', () => {
    const { KAFKA_ADVERTISED_LISTENERS } = serviceOf('kafka').environment ?? {};
    for (const name of ['projector', 'notifier', 'notary']) {
      const { KAFKA_BROKERS } = environmentOf(name, secrets);
      expect(KAFKA_ADVERTISED_LISTENERS).toContain(`INTERNAL://${KAFKA_BROKERS},`);
    }
  });

  it('connect to the event log without TLS, as its server expects', () => {
    const { EVENTSTORE_URL = '' } = environmentOf('command-api', secrets);
    expect(() => logAddress(EVENTSTORE_URL)).not.toThrow();
    expect(/[?&]tls=false/.test(EVENTSTORE_URL)).toBe(
      serviceOf('eventstore').environment?.EVENTSTORE_INSECURE === 'true',
    );
  });

  it('take the public keys from command-api, and readiness from the port on which each serves it', () => {
    expect(environmentOf('query-api', secrets).ACCESS_TOKEN_JWKS).toBe('http://command-api:8080/.well-known/jwks.json');
    for (const name of ['command-api', 'query-api', 'projector', 'notifier', 'notary'] as const) {
      const { PORT, METRICS_PORT } = READERS[name](environmentOf(name, secrets));
      expect(portOf(name)).toBe(String(PORT ?? METRICS_PORT));
    }
  });

  it('have the sender of mail that SES accepts', () => {
    const { MAIL_FROM, AWS_REGION } = environmentOf('notifier', secrets);
    expect(environmentOf('aws', secrets)).toEqual({ MAIL_FROM, AWS_REGION });
  });

  it('are scraped at their METRICS_PORT', () => {
    const { scrape_configs } = parse(readText('infra/monitoring/prometheus.yml'));
    const expected = (['command-api', 'query-api', 'projector', 'notifier', 'notary'] as const).map((name) => ({
      job_name: name,
      static_configs: [{ targets: [`${name}:${READERS[name](environmentOf(name, secrets)).METRICS_PORT}`] }],
    }));
    expect(scrape_configs).toEqual(expected);
  });
});
