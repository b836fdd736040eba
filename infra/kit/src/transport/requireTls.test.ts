import { describe, expect, it } from '@jest/globals';
import { ConfigFault, type Environment, optional, parseEnv } from '../env.js';
import { eventLogUrl } from '../event-log/eventLogUrl.js';
import { brokers } from '../kafka/brokers.js';
import { databaseUrl } from '../postgres/databaseUrl.js';
import { engineUrl } from './engineUrl.js';
import { isTlsRequired, requireTls } from './requireTls.js';

const spec = {
  REQUIRE_TLS: requireTls(),
  EVENTSTORE_URL: optional(eventLogUrl()),
  DATABASE_URL: optional(databaseUrl()),
  KAFKA_BROKERS: optional(brokers()),
  S3_ENDPOINT: optional(engineUrl()),
};
const faultsOf = (env: Environment): readonly string[] => {
  try {
    parseEnv(spec, env);
    return [];
  } catch (error) {
    if (error instanceof ConfigFault) return error.faults;
    throw error;
  }
};

const PLAIN = {
  EVENTSTORE_URL: 'esdb://writer:canary@eventstore:2113?tls=false',
  DATABASE_URL: 'postgresql://users:canary@postgres/users',
  KAFKA_BROKERS: 'kafka:9092',
  S3_ENDPOINT: 'http://s3:7070',
};
const ENCRYPTED = {
  EVENTSTORE_URL: 'esdb://writer:canary@eventstore:2113',
  DATABASE_URL: 'postgresql://users:canary@postgres/users?sslmode=verify-full',
  KAFKA_BROKERS: 'kafka:9093',
  KAFKA_TLS: 'true',
  S3_ENDPOINT: 'https://s3:7070',
};

describe('where TLS is required', () => {
  it('K-04 each setting in plain text is refused with one sentence that says what to do and shows no value', () => {
    const refused = 'is used in plain text or without a check of the certificate, which only REQUIRE_TLS=false permits';
    expect(faultsOf({ ...PLAIN, REQUIRE_TLS: 'true' })).toEqual([
      `EVENTSTORE_URL ${refused}: remove tls=false from it`,
      `DATABASE_URL ${refused}: add sslmode=verify-full to it`,
      `KAFKA_BROKERS ${refused}: set KAFKA_TLS=true`,
      `S3_ENDPOINT ${refused}: use https:`,
    ]);
  });

  it('K-04 the variable of Node that accepts every certificate is refused', () => {
    const accepting = { ...ENCRYPTED, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const refused =
      'REQUIRE_TLS cannot be kept while NODE_TLS_REJECT_UNAUTHORIZED=0 accepts every certificate: unset it';
    expect(faultsOf({ ...accepting, REQUIRE_TLS: 'true' })).toEqual([refused]);
    expect(faultsOf({ ...accepting, NODE_ENV: 'production' })).toEqual([refused]);
    expect(faultsOf({ ...accepting, REQUIRE_TLS: 'false' })).toEqual([]);
    expect(faultsOf({ ...accepting, NODE_TLS_REJECT_UNAUTHORIZED: '1', REQUIRE_TLS: 'true' })).toEqual([]);
  });

  it('K-04 settings with TLS are accepted, and so are sockets of this machine', () => {
    expect(faultsOf({ ...ENCRYPTED, REQUIRE_TLS: 'true' })).toEqual([]);
    const here = {
      EVENTSTORE_URL: 'esdb://127.0.0.1:2113?tls=false',
      DATABASE_URL: 'postgresql://users@localhost/users',
      KAFKA_BROKERS: '127.0.0.1:9092,localhost:9093',
      S3_ENDPOINT: 'http://[::1]:7070',
    };
    expect(faultsOf({ ...here, REQUIRE_TLS: 'true' })).toEqual([]);
  });

  it('K-04 it is by default where NODE_ENV is production, and REQUIRE_TLS decides otherwise', () => {
    for (const [env, required] of [
      [{}, false],
      [{ NODE_ENV: 'development' }, false],
      [{ NODE_ENV: 'production' }, true],
      [{ NODE_ENV: 'production', REQUIRE_TLS: '' }, true],
      [{ NODE_ENV: 'production', REQUIRE_TLS: 'false' }, false],
      [{ REQUIRE_TLS: ' true ' }, true],
    ] as const) {
      expect([env, parseEnv({ REQUIRE_TLS: requireTls() }, env).REQUIRE_TLS]).toEqual([env, required]);
      expect([env, isTlsRequired(env)]).toEqual([env, required]);
      expect(faultsOf({ ...PLAIN, ...env })).toHaveLength(required ? 4 : 0);
    }
  });

  it('K-04 a misspelt REQUIRE_TLS is reported and refuses plain text', () => {
    const faults = faultsOf({ ...PLAIN, REQUIRE_TLS: 'no' });
    expect(faults[0]).toBe('REQUIRE_TLS must be true or false');
    expect(faults).toHaveLength(5);
  });
});

describe('a setting is in plain text', () => {
  const isRefused = (name: keyof typeof PLAIN, value: string) => faultsOf({ [name]: value, REQUIRE_TLS: 'true' });

  it.each([
    'postgresql://u@db/users',
    'postgresql://u@db/users?sslmode=require',
    'postgresql://u@db/users?sslmode=verify-ca',
    'postgresql://u@db/users?sslmode=no-verify',
    'postgresql://u@db/users?ssl=true',
    'postgresql://u@db/users?sslmode=verify-full&sslmode=disable',
    'postgresql://u@127.0.0.1/users?host=db',
    'postgresql:///users',
    'postgresql://u@127.0.0.1.example.org/users',
  ])('K-04 Postgres: %s', (url) => expect(isRefused('DATABASE_URL', url)).toHaveLength(1));

  it.each([
    'postgresql://u@db/users?sslmode=disable&sslmode=verify-full',
    'postgresql://u@db/users?host=%2Fvar%2Frun%2Fpostgresql',
    'postgresql://u@%2Fvar%2Frun%2Fpostgresql/users',
  ])('K-04 not Postgres: %s', (url) => expect(isRefused('DATABASE_URL', url)).toEqual([]));

  it.each([
    'esdb://a.example:2113?tls=false',
    'esdb://u:what?tls=true@a.example:2113?tls=false',
    'esdb://a.example?nodePreference=leader&TLS=false',
    'esdb://a.example?t-l_s=false',
    'esdb://a.example?tls=true&tls=false',
    'esdb+discover://localhost:2113?tls=false',
    'esdb://127.0.0.1:2113,127.0.0.2:2113?tls=false',
    'esdb://127.0.0.1:2113/a.example:2113?tls=false',
  ])('K-04 the event log: %s', (url) => expect(isRefused('EVENTSTORE_URL', url)).toHaveLength(1));

  it.each(['esdb://u:p@a.example:2113?tls=true', 'esdb://u:tls=false@a.example', 'esdb://localhost/?tls=false'])(
    'K-04 not the event log: %s',
    (url) => expect(isRefused('EVENTSTORE_URL', url)).toEqual([]),
  );

  it('K-04 Kafka: any broker elsewhere without KAFKA_TLS=true', () => {
    for (const KAFKA_TLS of [undefined, 'false', 'yes'])
      expect(faultsOf({ KAFKA_BROKERS: '127.0.0.1:9092,kafka:9092', KAFKA_TLS, REQUIRE_TLS: 'true' })).toHaveLength(1);
  });
});
