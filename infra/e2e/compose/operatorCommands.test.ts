import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Environment } from '@ums/kit/env';
import { environmentOf, ROOT, readText } from './composeFile.js';
import { secretsForTests } from './secretsForTests.js';

/** The variables that each command needs in a container. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  admin: ['EVENTSTORE_URL', 'VAULT_DATABASE_URL', 'MASTER_KEY', 'ADDRESS_KEY'],
  // Without brokers it would look in the table, although the notifier has its dead messages in Kafka.
  dlq: ['DATABASE_URL', 'KAFKA_BROKERS'],
  publish: ['EVENTSTORE_URL', 'DATABASE_URL', 'KAFKA_BROKERS'],
  projections: ['EVENTSTORE_URL', 'DATABASE_URL', 'VAULT_DATABASE_URL', 'MASTER_KEY'],
  logs: ['OPENSEARCH_URL'],
};

const COMMAND = /docker compose exec (?:-T )?(\S+) node infra\/commands\/dist\/(\w+)\/main\.js/g;
const commands = [...readText('README.md').matchAll(COMMAND)].map(([, container = '', command = '']) => ({
  container,
  command,
}));

let secrets: Environment;
beforeAll(async () => {
  secrets = await secretsForTests();
});

describe('the operator commands that the README runs in containers', () => {
  it('are admin, dlq, publish, projections and logs', () => {
    expect([...new Set(commands.map(({ command }) => command))].sort()).toEqual(Object.keys(NEEDED).sort());
  });

  it.each(commands)('$command finds its program and its variables in $container', ({ container, command }) => {
    expect(existsSync(join(ROOT, 'infra/commands/src', command, 'main.ts'))).toBe(true);
    expect(Object.keys(environmentOf(container, secrets))).toEqual(
      expect.arrayContaining([...(NEEDED[command] ?? [])]),
    );
  });

  it('dlq connects as the role of the notifier, publish and projections as that of the projector', () => {
    for (const [command, role] of [
      ['dlq', 'notifier'],
      ['publish', 'projector'],
      ['projections', 'projector'],
    ]) {
      const { container = '' } = commands.find((one) => one.command === command) ?? {};
      expect(environmentOf(container, secrets).DATABASE_URL).toContain(`postgresql://${role}:`);
    }
  });

  it('G-03 forget runs in the container that knows the superuser of Postgres', () => {
    const [, container = '', path = ''] =
      /docker compose run --rm -T (\S+) (\S+\/forget\/main\.js)/.exec(readText('README.md')) ?? [];
    expect(existsSync(join(ROOT, path.replace('/dist/', '/src/').replace('.js', '.ts')))).toBe(true);
    expect(environmentOf(container, secrets)).toHaveProperty('POSTGRES_URL');
  });
});
