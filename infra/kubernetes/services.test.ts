import { beforeAll, describe, expect, it } from '@jest/globals';
import { environmentOf, type ProgramName, readText } from '../e2e/compose/composeFile.js';
import { CONFIG_READERS } from '../e2e/compose/configReaders.js';
import { secretsForTests } from '../e2e/compose/secretsForTests.js';
import { ConfigFault, type Environment } from '../kit/src/env.js';
import { requiredSettings, SERVICES, serviceFacts, setByChart } from './test/chartFiles.js';

/** Settings that a service reads and the chart does not offer: a folder would be on the volume of one pod. */
const NOT_OFFERED: readonly string[] = ['CHECKPOINT_DIR'];
/** What a library reads, and the service does not. */
const READ_BY_LIBRARIES: readonly string[] = ['AWS_SECRET_ACCESS_KEY'];

let secrets: Environment;
beforeAll(async () => {
  secrets = await secretsForTests();
});

/** Names of the variables without which a program refuses to start. */
const requiredBy = (name: ProgramName): string[] => {
  try {
    CONFIG_READERS[name]({});
    return [];
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    return error.faults.map((fault) => fault.split(' ')[0] ?? '');
  }
};

describe('files/services.yaml', () => {
  it('has the five services', () => {
    expect(Object.keys(serviceFacts).sort()).toEqual([...SERVICES].sort());
  });

  it.each(SERVICES)('names every setting that %s reads, once, and no other', (name) => {
    const read = Object.keys(CONFIG_READERS[name](environmentOf(name, secrets)));
    const { secrets: required, optionalSecrets, settings } = serviceFacts[name];
    const named = [...setByChart(name), ...required, ...optionalSecrets, ...settings];
    expect(named.filter((variable) => !READ_BY_LIBRARIES.includes(variable)).sort()).toEqual(
      read.filter((variable) => !NOT_OFFERED.includes(variable)).sort(),
    );
  });

  it.each(SERVICES)('requires what %s requires', (name) => {
    // Checkpoints need a folder or a bucket. The chart requires a bucket.
    const given = [...setByChart(name), ...serviceFacts[name].secrets, ...requiredSettings, ...NOT_OFFERED];
    const required = requiredBy(name);
    expect(required.length).toBeGreaterThan(1);
    expect(required.filter((variable) => !given.includes(variable))).toEqual([]);
    expect(serviceFacts[name].secrets.filter((variable) => !required.includes(variable))).toEqual([]);
  });

  it('K-01 takes secrets and addresses that hold a password from Secrets, never from values', () => {
    const holdsSecret =
      /(_KEY|_KEY_PREVIOUS|PEPPER(_PREVIOUS)?|PASSWORD|DATABASE_URL|EVENTSTORE_URL|_KEY_ID|USERNAME)$/;
    for (const name of SERVICES)
      expect(serviceFacts[name].settings.filter((variable) => holdsSecret.test(variable))).toEqual([]);
  });

  it('has the keys of Secrets that README.md lists', () => {
    const rows = [...readText('infra/kubernetes/README.md').matchAll(/^ *\| `ums-(\S+)` \| ([^|]*) \|/gm)];
    const listed = rows.map(([, name = '', keys = '']) => [
      name,
      [...keys.matchAll(/`(\w+)`/g)].map(([, key]) => key).sort(),
    ]);
    const keys = SERVICES.map((name) => [name, [...serviceFacts[name].secrets].sort()] as const);
    const databases = ['databases', requiredBy('databases').sort()] as const;
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries([...keys, databases]));
  });
});
