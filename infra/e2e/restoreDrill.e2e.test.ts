import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { keysCommand } from '@ums/commands/keys/keysCommand';
import { restoreDrill } from '@ums/commands/restore-drill/restoreDrill';
import { execute } from '../embedded/test/postgres.js';
import { changeSecrets, copyDataFolder } from '../faults/test/dataFolders.js';
import { until } from '../kit/test/until.js';
import { commandsFor } from './docs/handbook.js';
import { lastingDifferences } from './src/oracle/findDifferences.js';
import { actUntil } from './test/recovery/actUntil.js';
import { newInboxHistory, recordInbox } from './test/recovery/inboxHistory.js';
import { seededRandom } from './test/recovery/seededRandom.js';
import { type Certainty, newSimulatedUser, type SimulatedUser } from './test/recovery/simulatedUser.js';
import { violatedGuarantees } from './test/recovery/violatedGuarantees.js';
import { startWholeService, type WholeService } from './test/startWholeService.js';

jest.setTimeout(600_000);

const ROOT = join(import.meta.dirname, '..', '..');
const [BACK_UP = '', RESTORE = ''] = commandsFor('docs/backup-and-restore.md', 'infra/e2e/restoreDrill.e2e.test.ts');

/** The drill takes the name from the public key, like every other. */
const SETTINGS = { CHECKPOINT_SECONDS: '1', NOTARY_ORIGIN: 'audit.example.org/log' };

let folder: string;
let dataDir: string;
/** Complete backups, oldest first. */
let backups: string[];

/** Pastes commands of the page into a shell. @returns what they print. @throws with it when the last one fails */
const paste = async (commands: string, env: Readonly<Record<string, string>> = {}): Promise<string> => {
  const shell = spawn('bash', ['-es'], { cwd: ROOT, env: { ...process.env, DATA_DIR: dataDir, ...env } });
  let printed = '';
  const read = (chunk: Buffer): void => {
    printed += chunk.toString('utf8');
  };
  shell.stdout.on('data', read);
  shell.stderr.on('data', read);
  shell.stdin.end(commands.replaceAll('/var/backups/ums', join(folder, 'backups')));
  const [code] = await once(shell, 'close');
  if (code !== 0) throw new Error(printed);
  return printed;
};

const backUp = async (): Promise<string> => {
  const printed = await paste(BACK_UP);
  backups = (await readdir(join(folder, 'backups'))).sort().map((name) => join(folder, 'backups', name));
  return printed;
};

/** @returns the lines that the drill prints. @throws StartRefused when it fails */
const drill = async (...given: readonly string[]): Promise<string> => {
  const lines: string[] = [];
  lines.push(await restoreDrill(given, (line) => void lines.push(line)));
  return lines.join('\n');
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-drill-'));
  dataDir = join(folder, 'data');
  const outdated = join(folder, 'backups', 'outdated');
  await mkdir(outdated, { recursive: true });
  // It would be thirty days old before the next daily run.
  const longAgo = Date.now() / 1_000 - 29 * 86_400 - 60;
  await utimes(outdated, longAgo, longAgo);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const named = (name: string, count: number): SimulatedUser[] =>
  Array.from({ length: count }, (_, n) => newSimulatedUser(`${name}-${n}`));

describe('backups of a service under load', () => {
  const random = seededRandom(Date.now() % 2 ** 31);
  const history = newInboxHistory();
  /** They act before the first backup; the erased are erased after it. */
  const [settled, erased] = [named('settled', 5), named('erased', 3)];
  /** They register after the first backup: more than the projector parks in a minute. */
  const late = named('late', 12);
  const busy = named('busy', 4);
  let service: WholeService;
  const stopped = new AbortController();
  let load: Promise<unknown>;
  let served = 0;

  /** Users act at once, without erasing themselves. */
  const act = (users: readonly SimulatedUser[], isOver: (user: SimulatedUser) => boolean): Promise<unknown> => {
    const context = { api: service.api, tokens: history.tokens, random: () => random() * 0.87 };
    const count = (): void => {
      served += 1;
    };
    return Promise.all(users.map((user) => actUntil(() => isOver(user), user, context, count)));
  };
  const isLoggedInAfterChange = ({ revision, accessToken }: SimulatedUser): boolean =>
    revision > 2 && accessToken !== undefined;
  const reconciledTo = async (): Promise<bigint> =>
    BigInt((await execute(service.vault, "select position from checkpoint where name = 'keeper'")).rows[0].position);

  beforeAll(async () => {
    service = await startWholeService(dataDir, SETTINGS);
    void recordInbox(history, service, stopped.signal);
    load = act(busy, () => stopped.signal.aborted);
    await act([...settled, ...erased], isLoggedInAfterChange);
    // Who registers during a backup is in only a part of it.
    await until(() => busy.every((user) => user.confirmed === 'yes'));
  });
  afterAll(async () => {
    stopped.abort();
    await load;
    await service.process.end('SIGTERM');
  });

  it('G-05 is backed up while it runs, and each backup passes the drill', async () => {
    const servedBefore = served;
    const printed = await backUp();
    expect(printed).toContain('The backup is complete: ');
    expect(printed).toMatch(/ people are in the event log; 0 of them are erased\n/);
    expect(printed).toContain('The drill has passed');
    expect(served).toBeGreaterThan(servedBefore);

    const context = { api: service.api, tokens: history.tokens, random: () => 0.95 };
    for (const user of erased)
      await until(async () => {
        // A request that got 503 is repeated.
        user.erased = 'no';
        await actUntil(
          () => false,
          user,
          context,
          () => undefined,
        );
        return (user.erased as Certainty) === 'yes';
      });
    expect(erased.map((user) => user.erased)).toEqual(['yes', 'yes', 'yes']);
    await act(late, isLoggedInAfterChange);
    const before = await reconciledTo();
    await until(async () => (await reconciledTo()) > before);

    expect(await backUp()).toContain('The drill has passed');
    expect(backups).toHaveLength(2);
  });

  it('goes on unharmed', async () => {
    stopped.abort();
    await load;
    expect(await lastingDifferences(service.sources)).toEqual([]);
    expect(await service.process.end('SIGTERM')).toBe(0);
  });

  it('G-03 G-05 applies erasures again to databases that are older than the event log, and counts the keys that are lost', async () => {
    const [older = '', newer = ''] = backups;
    const out = await drill(older, newer);
    expect(out).toContain('3 of them are erased, 3 after the backup of the vault; 12 registered after it');
    expect(out).toContain('the read models are the same');
    expect(out).toMatch(/Verified: the whole log .* with [1-9]\d* checkpoints? from outside/);
  });

  it('passes for a backup that is made while MASTER_KEY is being replaced', async () => {
    const backup = join(folder, 'rotating');
    await cp(backups[1] as string, backup, { recursive: true });
    await keysCommand(['new', 'MASTER_KEY'], { DATA_DIR: backup }, { show: () => undefined, end: () => undefined });
    expect(await drill(backup)).toContain('The drill has passed');
  });

  it('ends when it is interrupted, between its steps or within one', async () => {
    const [backup = ''] = backups;
    for (const step of ['the backup is copied', 'the service is ready']) {
      const interrupted = new AbortController();
      const print = (line: string) => void (line.includes(step) && interrupted.abort());
      await expect(restoreDrill([backup], print, interrupted.signal)).rejects.toThrow(
        'The drill was interrupted; its copy is deleted.',
      );
    }
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'ends as a command on %s, with the exit code of a failure',
    async (signal) => {
      const main = join(ROOT, 'infra', 'commands', 'dist', 'restore-drill', 'main.js');
      const command = spawn(process.execPath, [main, backups[0] as string]);
      let printed = '';
      for (const output of [command.stdout, command.stderr])
        output.on('data', (chunk: Buffer) => {
          printed += chunk.toString('utf8');
        });
      await until(() => printed.includes('the backup is copied'));
      command.kill(signal);
      expect(await once(command, 'close')).toEqual([1, null]);
      expect(printed).toContain('The drill was interrupted; its copy is deleted.');
    },
  );

  it('K-03 passes for a folder whose NOTARY_KEY was replaced, alone and as the log beside an older backup', async () => {
    const [older = '', newer = ''] = backups;
    const renewed = join(folder, 'renewed');
    await copyDataFolder(newer, renewed);
    const before = await readFile(join(renewed, 'notary.pub'), 'utf8');
    const NOTARY_KEY = randomBytes(32).toString('base64');
    await changeSecrets(renewed, (secrets) => ({ ...secrets, NOTARY_KEY, NOTARY_KEY_PREVIOUS: before }));
    const first = await startWholeService(renewed, SETTINGS);
    const keysNow = await readFile(join(renewed, 'notary.pub'), 'utf8');
    const keyHash = Buffer.from(keysNow.split('+')[1] ?? '', 'hex');
    const registering = { email: 'renewed@example.org', name: 'Ada', password: 'nine quiet boats at noon' };
    const headers = { 'content-type': 'application/json' };
    await fetch(`${first.api}/api/v1/auth/register`, { method: 'POST', headers, body: JSON.stringify(registering) });
    await until(async () => {
      const signatures = (await readFile(join(renewed, 'checkpoints', 'checkpoints'), 'utf8')).match(
        /(?<=^— \S+ ).*/gm,
      );
      return Buffer.from(signatures?.at(-1) ?? '', 'base64')
        .subarray(0, 4)
        .equals(keyHash);
    });
    expect(await first.process.end('SIGTERM')).toBe(0);
    await changeSecrets(renewed, ({ NOTARY_KEY_PREVIOUS: _, ...secrets }) => secrets);
    const second = await startWholeService(renewed, SETTINGS);
    expect(await second.process.end('SIGTERM')).toBe(0);
    expect(await readFile(join(renewed, 'notary.pub'), 'utf8')).toBe(keysNow);
    for (const given of [[renewed], [older, renewed]]) expect(await drill(...given)).toContain('The drill has passed');
  });

  it('F-12 refuses an event log that is older than the databases', async () => {
    const [older = '', newer = ''] = backups;
    await expect(drill(newer, older)).rejects.toThrow('the log was restored or cut short');
  });

  it('G-05 restores everything that was acknowledged before the last backup', async () => {
    await paste(RESTORE, { BACKUP: backups[1] as string });
    service = await startWholeService(dataDir, SETTINGS);
    for (const user of [...settled, ...erased, ...late])
      expect(await violatedGuarantees(user, service.api)).toEqual([]);
    expect(await lastingDifferences(service.sources)).toEqual([]);
  });

  it('leaves no copies and no outdated backups behind', async () => {
    expect((await readdir(join(folder, 'backups'))).sort()).toEqual(backups.map((path) => path.split('/').at(-1)));
  });
});
