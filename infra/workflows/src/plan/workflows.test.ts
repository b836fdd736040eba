import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { jobs, STARTED, steps, texts, workflowOf } from '../../test/repositoryWorkflows.js';
import { ROOT } from '../root.js';
import { commandsOf, npmScriptOf, wordsOf } from './commandsOf.js';
import { conditionHolds } from './expressions.js';
import { needsOf } from './jobsInOrder.js';
import type { Action, Job } from './workflowFile.js';

/** Programs that GitHub's runners bring. */
const TOOLS = new Set(['npm', 'docker', 'gh', 'sha256sum']);
const setup = (parse(texts.get('.github/actions/setup/action.yml') ?? '') as Action).runs.steps;
const commands = steps.flatMap(({ run = '' }) => commandsOf(run));
const lines = [...texts].flatMap(([path, text]) => text.split('\n').map((line) => ({ path, line })));

describe('the workflows of GitHub', () => {
  it('run commands that exist: scripts of package.json and programs that runners bring', async () => {
    const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(commands.length).toBeGreaterThan(15);
    expect(commands.filter((command) => !TOOLS.has(wordsOf(command)[0] ?? ''))).toEqual([]);
    const ran = commands.flatMap((command) => npmScriptOf(command) ?? []);
    expect(ran.filter((name) => !(name in scripts))).toEqual([]);
    const others = commands.filter((command) => command.startsWith('npm') && npmScriptOf(command) === undefined);
    expect([...new Set(others)]).toEqual(['npm ci']);
  });

  it('pin every action by the id of a commit, with its version beside it', () => {
    const uses = lines.filter(({ line }) => line.includes('uses:') && !line.includes('uses: ./'));
    expect(uses.length).toBeGreaterThan(10);
    const PINNED = /^ +(- )?uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
    expect(uses.filter(({ line }) => !PINNED.test(line))).toEqual([]);
  });

  it('pin an action by the same commit everywhere', () => {
    const pins = [...texts.values()].flatMap((text) => text.match(/[\w-]+\/[\w-]+@[0-9a-f]{40}/g) ?? []);
    const actions = new Set([...new Set(pins)].map((pin) => pin.split('@')[0]));
    expect(new Set(pins).size).toBe(actions.size);
  });

  it('use workflows and actions of this repository that exist', () => {
    const own = [...jobs, ...steps].flatMap(({ uses = '' }) => (uses.startsWith('./') ? [uses] : []));
    const missing = own.filter((uses) => !existsSync(join(ROOT, uses.endsWith('.yml') ? uses : `${uses}/action.yml`)));
    expect([new Set(own).size, missing]).toEqual([7, []]);
  });

  it('grant nothing to a job that does not ask, and writing only to those that publish or deploy', () => {
    for (const [path, text] of texts) if (path.includes('workflows')) expect(text).toMatch(/^permissions: \{\}$/m);
    expect(jobs.filter(({ permissions }) => permissions === undefined)).toEqual([]);
    const granted = jobs.flatMap(({ title, permissions = {} }) =>
      Object.entries(permissions).flatMap(([scope, access]) => (access === 'read' ? [] : [`${title} ${scope}`])),
    );
    const deploying = ['deploy', 'development', 'production', 'staging'].map((name) => `${name}.deploy id-token`);
    expect(granted.sort()).toEqual([...deploying, 'release.publish contents'].sort());
  });

  it('use no secret but the token of the run, so no key of AWS', () => {
    expect(lines.filter(({ line }) => /secrets[.[]|secrets: inherit|access-key/i.test(line))).toEqual([]);
    const [assumed] = steps.filter(({ uses }) => uses?.startsWith('aws-actions/configure-aws-credentials@'));
    expect(assumed?.with).toMatchObject({ 'role-to-assume': `\${{ vars.DEPLOY_ROLE }}` });
  });

  it('put no expression into a script, where its value could be a command', () => {
    expect(steps.filter(({ run }) => run?.includes('${{'))).toEqual([]);
  });

  it('leave no credentials of a checkout behind', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.length).toBeGreaterThan(5);
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
  });

  it('limit the time of every job', () => {
    const timeless = (job: Job) => job.uses === undefined && job['timeout-minutes'] === undefined;
    expect(jobs.filter(timeless)).toEqual([]);
  });

  it('have conditions that the local run understands', () => {
    const conditions = [...jobs, ...steps].flatMap((each) => each.if ?? []);
    const known = { 'github.event_name': 'push' };
    expect(conditions.map((condition) => conditionHolds(condition, { known, inputs: {} }))).toEqual(
      conditions.map(() => expect.any(Boolean)),
    );
    expect(conditions).not.toEqual([]);
  });

  it.each(STARTED)('%s checks, tests, looks at the supply chain and builds the image', (name) => {
    const called = Object.values(workflowOf(name).jobs).map(({ uses }) => uses);
    const expected = ['checks', 'tests', 'supply-chain', 'image'].map((each) => `./.github/workflows/${each}.yml`);
    expect(called).toEqual(expect.arrayContaining(expected));
  });

  it('start for every branch but four, for three of these, and for tags', () => {
    const four = ['development', 'staging', 'release', 'production'];
    expect(workflowOf('feature').on).toMatchObject({ push: { 'branches-ignore': four } });
    for (const name of ['development', 'staging', 'production'])
      expect(workflowOf(name).on).toMatchObject({ push: { branches: [name] }, pull_request: { branches: [name] } });
    expect(workflowOf('release').on).toEqual({ push: { tags: ['v*'] } });
  });

  it.each([
    ['development', 'Development'],
    ['staging', 'Staging'],
    ['production', 'Production'],
  ])(
    '%s deploys to %s when all else has passed, but no pull request, and tests what it has deployed',
    (name, environment) => {
      const { deploy } = workflowOf(name).jobs;
      expect(deploy).toMatchObject({ with: { environment }, if: "github.event_name != 'pull_request'" });
      expect(needsOf(deploy as Job)).toEqual(['tests', 'supply-chain', 'image']);
      const scripts = workflowOf('deploy').jobs.deploy?.steps?.flatMap(({ run }) => run ?? []) ?? [];
      expect(scripts.map(npmScriptOf)).toEqual(['deploy', 'smoke']);
    },
  );

  it('run the unit tests on the oldest Node that npm admits', async () => {
    const { engines } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { engines: { node: string } };
    const oldest = /^\^(\S+) /.exec(engines.node)?.[1];
    const { steps: run = [] } = workflowOf('checks').jobs['oldest-node'] ?? {};
    expect(run.find(({ uses }) => uses === './.github/actions/setup')?.with).toEqual({ 'node-version': oldest });
    expect(run.flatMap((step) => step.run ?? [])).toEqual(['npm run -s unit']);
    const [node] = setup.filter(({ uses }) => uses?.startsWith('actions/setup-node@'));
    expect(node?.with).toMatchObject({ 'node-version': `\${{ inputs.node-version }}` });
  });

  it('run all tests in the environment Test, where a missing engine fails them', () => {
    const { tests } = workflowOf('tests').jobs;
    expect(tests?.environment).toBe('Test');
    const [run] = tests?.steps?.filter((step) => step.run === 'npm test') ?? [];
    expect(run?.env).toEqual({ REQUIRE_ENGINES: '1' });
  });
});
