import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Environment } from '@ums/kit/env';
import { logAddress } from '@ums/kit/event-log/logClient';
import { parse } from 'yaml';
import { environmentOf, PROGRAMS, readText, serviceOf } from './composeFile.js';
import { CONFIG_READERS } from './configReaders.js';
import { secretsForTests } from './secretsForTests.js';

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
    const config = CONFIG_READERS[name](environment);
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
  it.each(PROGRAMS)('K-04 say that they use plain text, which the image refuses: %s', (name) => {
    const { REQUIRE_TLS, ...others } = environmentOf(name, secrets);
    const environment = { ...others, NODE_ENV: 'production' };
    expect(readText('Dockerfile')).toContain('NODE_ENV=production');
    expect(() => CONFIG_READERS[name]({ ...environment, REQUIRE_TLS })).not.toThrow();
    expect(() => CONFIG_READERS[name](environment)).toThrow(
      /_URL is used in plain text.* only REQUIRE_TLS=false permits/,
    );
  });

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
      const { PORT, METRICS_PORT } = CONFIG_READERS[name](environmentOf(name, secrets));
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
      static_configs: [{ targets: [`${name}:${CONFIG_READERS[name](environmentOf(name, secrets)).METRICS_PORT}`] }],
    }));
    expect(scrape_configs).toEqual(expected);
  });
});
