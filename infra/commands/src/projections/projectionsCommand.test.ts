import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { progressDisplay } from './progressDisplay.js';
import { projectionsCommand, projectionsEnvironment } from './projectionsCommand.js';
import { readProjectionsOrder } from './readProjectionsOrder.js';

const ENV = {
  EVENTSTORE_URL: 'esdb://127.0.0.1:1?tls=false',
  DATABASE_URL: 'postgresql://127.0.0.1:1/users',
  VAULT_DATABASE_URL: 'postgresql://127.0.0.1:1/vault',
  MASTER_KEY: randomBytes(32).toString('base64'),
};
const display = progressDisplay({ write: () => undefined });

describe('npm run projections', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ums-commands-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it.each([
    [['list'], { command: 'list' }],
    [['rebuild', 'a'], { command: 'rebuild', name: 'a', fromOld: false }],
    [['rebuild', 'a', '--from-old'], { command: 'rebuild', name: 'a', fromOld: true }],
    [['switch', 'a'], { command: 'switch', name: 'a' }],
    [['drop', 'a'], { command: 'drop', name: 'a', copy: undefined }],
    [['drop', 'a', 'old'], { command: 'drop', name: 'a', copy: 'old' }],
    [['drop', 'a', 'next'], { command: 'drop', name: 'a', copy: 'next' }],
    [['retry-parked'], { command: 'retry-parked', name: undefined }],
    [['retry-parked', 'a'], { command: 'retry-parked', name: 'a' }],
  ])('reads %j', (args, order) => {
    expect(readProjectionsOrder(args)).toEqual(order);
  });

  it.each([
    [],
    ['unknown'],
    ['list', 'a'],
    ['rebuild'],
    ['rebuild', '--from-old'],
    ['rebuild', 'a', 'old'],
    ['switch'],
    ['switch', 'a', 'b'],
    ['drop', 'a', 'live'],
    ['retry-parked', 'a', 'b'],
    ['drop', 'a', 'old', 'more'],
  ])('fails with its usage for %s %s %s %s', (...args) => {
    expect(() => readProjectionsOrder(args.filter((arg) => arg !== undefined))).toThrow(
      'Usage: npm run -s projections -- list',
    );
  });

  it('K-01 lists the variables that are missing, and fails with one sentence when no service runs on the folder', async () => {
    const { DATABASE_URL } = ENV;
    await expect(projectionsCommand(['list'], { DATABASE_URL }, display)).rejects.toThrow(/MASTER_KEY is missing/);
    await expect(projectionsCommand(['list'], { DATA_DIR: folder }, display)).rejects.toThrow('No service is running');
  });

  it('uses the environment when it sets a URL, and fails with one sentence when nothing answers', async () => {
    expect(await projectionsEnvironment(ENV, folder)).toBe(ENV);
    await expect(projectionsCommand(['switch', 'user_profile_v1'], ENV, display)).rejects.toThrow(
      'The command failed (Postgres: ECONNREFUSED).',
    );
  });

  it('names the projections when there is none with the given name', async () => {
    await expect(projectionsCommand(['switch', 'other'], ENV, display)).rejects.toThrow(
      'There is no projection other, only user_profile_v1 and audit_event_v1.',
    );
  });
});
