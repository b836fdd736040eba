import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { COMMANDS, SUPPLY_CHAIN } from '../../test/workflowCommands.js';
import { ROOT } from '../root.js';
import { UNAVAILABLE } from '../unavailable.js';
import { ciLocal } from './ciLocal.js';
import type { Script } from './runScript.js';

/** Runs a workflow of this repository with a fake shell, which fails for one script. */
const rehearse = async (args: readonly string[], { env = {}, failing = '', code = 7 } = {}) => {
  const lines: string[] = [];
  const scripts: Script[] = [];
  const run = async (script: Script) => {
    scripts.push(script);
    return script.run === failing ? code : 0;
  };
  const end = await ciLocal(args, { root: ROOT, env, print: (line) => lines.push(line), run }).catch((error) => error);
  return { end, lines, scripts, ran: scripts.map((script) => script.run) };
};

describe('ciLocal', () => {
  it('runs the commands of a workflow in order, each once', async () => {
    const { ran, end } = await rehearse(['feature']);
    const scripts = (names: readonly string[]) => names.map((name) => `npm run -s ${name}`);
    expect(ran).toEqual([...scripts(COMMANDS), 'npm test', ...scripts(SUPPLY_CHAIN)]);
    expect(end).toMatch(/^feature: \d+ steps, 14 passed, \d+ run before, 0 left out, \d+ not run here$/);
  });

  it('says why steps are not run: actions, Docker, and conditions that are not met', async () => {
    const { lines } = await rehearse(['feature']);
    const aside = new Set(
      lines.flatMap((line) => / \/ ([^/]+): not run here, (.*)$/.exec(line)?.slice(1).join(': ') ?? []),
    );
    expect(aside).toContain('Checkout: it is the action actions/checkout of GitHub');
    expect(aside).toContain('Build: it needs a Docker engine');
    expect(aside).toContain('Scan: it needs a Docker engine');
    expect(aside).toContain("Install and build: its condition is not met: steps.packages.outputs.cache-hit != 'true'");
  });

  it.each(['development', 'staging', 'production'])('does not deploy, and says so (%s)', async (name) => {
    const { lines, ran } = await rehearse([name]);
    expect(lines).toContain('Deploy / Deployment and smoke test / Deployment: not run here, it needs AWS');
    expect(lines).toContain(
      'Deploy / Deployment and smoke test / Smoke test: not run here, it needs vars.PUBLIC_URL of GitHub',
    );
    expect(ran).not.toContain('npm run -s smoke -- "$PUBLIC_URL"');
  });

  it('takes variables of environments from the shell', async () => {
    const { scripts } = await rehearse(['staging'], { env: { PUBLIC_URL: 'http://127.0.0.1:1' } });
    const smoke = scripts.find(({ run }) => run.includes('smoke'));
    expect(smoke?.env).toEqual({ PUBLIC_URL: 'http://127.0.0.1:1', CI: 'true' });
  });

  it('makes the artifact of a release and checks it in its folder, but publishes nothing', async () => {
    const { scripts, lines } = await rehearse(['release']);
    const made = scripts.find(({ run }) => run.includes('release:artifact'));
    expect(made?.env.TAG).toMatch(/^v\d+\.\d+\.\d+$/);
    expect(scripts.at(-1)).toMatchObject({
      run: 'sha256sum --check --strict SHA256SUMS',
      folder: join(ROOT, 'release'),
    });
    expect(lines.at(-1)).toBe('Publish / Release: not run here, it needs GitHub');
  });

  it('leaves a command out that is named, and says so', async () => {
    const { ran, lines, end } = await rehearse([
      'feature',
      '--leave-out',
      'npm test',
      '--leave-out',
      'npm run -s unit',
    ]);
    expect(ran).not.toContain('npm test');
    expect(lines.filter((line) => line.includes('left out'))).toEqual([
      "Checks / Unit tests / Unit tests: left out, by --leave-out 'npm run -s unit'",
      "Checks / Unit tests on the oldest Node / Unit tests: left out, by --leave-out 'npm run -s unit'",
      "Tests / Integration tests with engines, and coverage gate / Tests and coverage gate: left out, by --leave-out 'npm test'",
    ]);
    expect(end).toContain('3 left out');
  });

  it('refuses to leave out what no step does', async () => {
    const { end, ran } = await rehearse(['feature', '--leave-out', 'npm tset']);
    expect(end.message).toBe("No command begins with the text of --leave-out 'npm tset'.");
    expect(ran).toEqual([]);
  });

  it('stops at the first step that fails', async () => {
    const { end, ran } = await rehearse(['feature'], { failing: 'npm run -s lint' });
    expect(end.message).toMatch(/ \/ Lint: failed with exit code 7\.$/);
    expect(ran.at(-1)).toBe('npm run -s lint');
  });

  it('goes on after a check for which the registry has no service, and says so', async () => {
    const failing = 'npm run -s vulnerabilities';
    const { end, lines, ran } = await rehearse(['feature'], { failing, code: UNAVAILABLE });
    expect(lines).toContain(
      'Supply chain / Vulnerabilities and licences / Vulnerabilities: not run here, a service that it asks does not exist',
    );
    expect(ran).toContain('npm run -s sbom');
    expect(end).toContain(' 13 passed, ');
  });

  it.each([
    ['npm run -s vulnerabilities', 1],
    ['npm run -s licences', UNAVAILABLE],
  ])('stops when %s fails with exit code %d', async (failing, code) => {
    const { end, ran } = await rehearse(['feature'], { failing, code });
    expect(end.message).toMatch(new RegExp(`: failed with exit code ${code}\\.$`));
    expect(ran.at(-1)).toBe(failing);
  });

  it('says its usage for an option that it does not have', async () => {
    const { end } = await rehearse(['feature', '--leaveout', 'npm test']);
    expect(end.message).toBe('npm run -s ci:local -- <workflow> [--leave-out <command>]...');
  });

  it.each([[[]], [['featur']], [['feature', 'staging']]])('lists the workflows for %j', async (args) => {
    const { end } = await rehearse(args);
    expect(end.message).toMatch(/^npm run -s ci:local -- <workflow>.*\nWorkflows: .*feature, image, production, /);
  });
});
