import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { BlockList } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SERVER_SETTINGS } from '@ums/embedded/postgres/serverSettings';
import type { Ajv as AjvClass, ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { OPENSEARCH } from '../../engines/src/openSearch/startOpenSearch.js';
import { VERSITYGW } from '../../engines/src/versitygw/startVersitygw.js';
import { KAFKA_IMAGE } from '../../engines/test/engineContainers.js';
import { composeFile, composeText, PROGRAMS, ROOT, readText, serviceOf } from './composeFile.js';
import { secretsForTests } from './secretsForTests.js';

const { Ajv } = createRequire(import.meta.url)('ajv') as { Ajv: typeof AjvClass };

const services = Object.entries(composeFile.services);
const conditions = services.flatMap(([, { depends_on = {} }]) =>
  Object.entries(depends_on).map(([name, { condition }]) => ({ name, condition })),
);
/** Services that end by themselves. */
const oneShots = new Set(
  conditions.filter(({ condition }) => condition === 'service_completed_successfully').map(({ name }) => name),
);

/** The schema names draft 2019-09, but its identifiers are those of draft 4, which ajv refuses; nothing refers to them. */
const composeSchema = (): ValidateFunction => {
  const withoutIds = (name: string, value: unknown) => (name === 'id' || name === '$schema' ? undefined : value);
  const schema = JSON.parse(readText('infra/e2e/compose/schema/compose-spec.json'), withoutIds);
  return new Ajv({ strict: false, validateFormats: false }).compile(schema);
};

describe('docker-compose.yml', () => {
  it('conforms to the schema of the Compose Specification', () => {
    const validate = composeSchema();
    validate(parse(composeText, { merge: true }));
    expect(validate.errors).toBeNull();
    expect(validate({ services: { proxy: { images: 'nginx' } } })).toBe(false);
  });

  it.each(services)('%s has an image of an exact version and a memory limit', (_name, { image, mem_limit }) => {
    expect(image).toMatch(/^[a-z./-]+:v?\d+\.\d+(\.\d+)?(-[a-z0-9.-]+)?$/);
    expect(mem_limit).toMatch(/^\d+[mg]$/);
  });

  it('names the version of this repository, and the OpenSearch and versitygw that the tests run on', () => {
    const { version } = JSON.parse(readText('package.json'));
    for (const name of PROGRAMS) expect(serviceOf(name).image).toBe(`user-management-service:${version}`);
    expect(serviceOf('opensearch').image).toMatch(new RegExp(`:${OPENSEARCH.version}$`));
    expect(serviceOf('opensearch-dashboards').image).toMatch(new RegExp(`:${OPENSEARCH.version}$`));
    expect(serviceOf('s3').image).toBe(`versity/versitygw:v${VERSITYGW.version}`);
  });

  it('names the Kafka image that tests run in a container', () => {
    expect(serviceOf('kafka').image).toBe(KAFKA_IMAGE);
  });

  it.each(services.filter(([name]) => !oneShots.has(name)))('%s has a health check', (_name, { healthcheck }) => {
    expect(healthcheck?.test?.[0]).toBe('CMD');
  });

  it('waits for what a service needs, and for health only where health is checked', () => {
    expect([...oneShots]).toEqual(['databases']);
    for (const { name, condition } of conditions) {
      expect(composeFile.services).toHaveProperty(name);
      if (condition === 'service_healthy') expect(serviceOf(name).healthcheck?.test).toBeDefined();
    }
  });

  it('opens ports on 127.0.0.1 only, each once', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    expect(new Set(ports.map((port) => port.split(':')[1])).size).toBe(ports.length);
  });

  it('mounts files that exist, read-only, and volumes that are declared', () => {
    const mounts = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')));
    const files = mounts.filter(([source = '']) => source.startsWith('.'));
    expect(files.filter(([source = '']) => !existsSync(join(ROOT, source)))).toEqual([]);
    for (const [, , mode] of files) expect(mode).toBe('ro');
    const volumes = mounts.filter(([source = '']) => !source.startsWith('.')).map(([source]) => source);
    expect(volumes.sort()).toEqual(Object.keys(composeFile.volumes).sort());
  });

  it('K-01 holds no secret: each is a variable that npm run compose:env writes', async () => {
    const written = Object.keys(await secretsForTests());
    const required = [...composeText.matchAll(/\$\{(\w+):\?run npm run compose:env\}/g)].map(([, name]) => name);
    expect([...new Set(required)].sort()).toEqual(written.sort());
    for (const [, { environment = {} }] of services) {
      for (const [name, value] of Object.entries(environment)) {
        if (/(KEY|PASSWORD|PASSWORD_[A-Z]+|PEPPER)$/.test(name)) expect(value).toMatch(/^\$\{\w+:\?[^}]*\}$/);
        const [, password] = /^\w+:\/\/[^:/@]+:(.*)@/.exec(value) ?? [];
        if (password !== undefined) expect(password).toMatch(/^\$\{\w+:\?[^}]*\}$/);
      }
    }
  });

  it('K-03 gives each program the former keys that the chart may give it', () => {
    const chart: Record<string, { optionalSecrets: string[] }> = parse(
      readText('infra/kubernetes/chart/files/services.yaml'),
    );
    const former = (names: string[]) => names.filter((name) => name.endsWith('_PREVIOUS')).sort();
    for (const [name, { optionalSecrets }] of Object.entries(chart)) {
      const { environment = {} } = serviceOf(name);
      const given = former(Object.keys(environment));
      expect([name, given]).toEqual([name, former(optionalSecrets)]);
      for (const key of given) expect(environment[key]).toBe(`\${${key}:-}`);
    }
  });

  it('G-05 gives each program the password of its own role only', () => {
    for (const name of ['command-api', 'query-api', 'projector', 'notifier', 'notary']) {
      const roles = [...JSON.stringify(serviceOf(name).environment).matchAll(/postgresql:\/\/(\w+):\$\{(\w+):/g)];
      const role = name.replace('-api', '');
      expect(new Set(roles.map(([, user, variable]) => `${user} ${variable}`))).toEqual(
        new Set([`${role} DATABASE_PASSWORD_${role.toUpperCase()}`]),
      );
    }
  });

  it('runs Postgres with every setting for its log that the embedded server has against personal data', () => {
    const settings = Object.entries(SERVER_SETTINGS).filter(([name]) => /^log_(error|parameter|min_error)_/.test(name));
    expect(settings).toHaveLength(4);
    const command: unknown = serviceOf('postgres').command;
    expect(command).toEqual(expect.arrayContaining(settings.map(([name, value]) => `-c${name}=${value}`)));
  });

  it('R-03 trusts the address of the proxy alone, which no other container can get', () => {
    const { networks } = serviceOf('proxy');
    const address = (networks as Record<string, { ipv4_address: string }>).edge?.ipv4_address ?? '';
    for (const name of ['command-api', 'query-api']) {
      expect(serviceOf(name).environment?.TRUSTED_PROXIES).toBe(address);
      expect(serviceOf(name).networks).toContain('edge');
    }
    const [range = { subnet: '', ip_range: '' }] = composeFile.networks.edge.ipam.config;
    expect(isIn(range.subnet, address)).toBe(true);
    expect(isIn(range.ip_range, address)).toBe(false);
    expect(isIn(range.subnet, range.ip_range.split('/')[0] ?? '')).toBe(true);
  });

  it('runs the programs and the proxy without capabilities, on a file system that cannot be written', () => {
    for (const name of [...PROGRAMS, 'proxy']) {
      expect(serviceOf(name)).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    }
  });
});

const isIn = (block: string, address: string): boolean => {
  const [base = '', prefix] = block.split('/');
  const list = new BlockList();
  list.addSubnet(base, Number(prefix));
  return list.check(address);
};
