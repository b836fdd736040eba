import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../../engines/test/atEndOfFile.js';
import { resolveText } from './expressions.js';
import { planWorkflow } from './planWorkflow.js';

let root: string;
const write = async (path: string, text: string): Promise<void> => {
  await mkdir(join(root, '.github', path, '..'), { recursive: true });
  await writeFile(join(root, '.github', path), text);
};
beforeAll(async () => {
  root = await temporaryFolder('ums-workflows-');
  await write(
    'workflows/main.yml',
    `name: main
on: push
env: { COMMIT: '\${{ github.sha }}' }
jobs:
  last:
    needs: [called, first]
    if: github.event_name == 'push'
    steps: [{ name: End, run: last, if: "inputs.x == 'y'", working-directory: folder }]
  called:
    name: Called
    needs: first
    uses: ./.github/workflows/called.yml
    with: { place: 'at \${{ github.sha }}', count: 3 }
  first: { steps: [{ uses: some/action@1 }] }
`,
  );
  await write(
    'workflows/called.yml',
    `name: called
on: workflow_call
jobs:
  only:
    name: Only
    env: { PLACE: '\${{ inputs.place }}' }
    steps: [{ name: Own, uses: ./.github/actions/own, with: { which: '\${{ inputs.count }}' } }]
`,
  );
  await write(
    'actions/own/action.yml',
    `name: own
runs: { using: composite, steps: [{ name: Run, run: own, env: { WHICH: '\${{ inputs.which }}' } }] }
`,
  );
  await write('workflows/circle.yml', 'name: circle\non: push\njobs: { a: { needs: b }, b: { needs: [a] } }\n');
  await write('workflows/lost.yml', 'name: lost\non: push\njobs: { a: { needs: b } }\n');
});
const plan = (name: string) => planWorkflow(root, name, { 'github.sha': 'abc' });

describe('planWorkflow', () => {
  it('puts jobs after those they need, and the steps of what they use in their places', async () => {
    const steps = await plan('main');
    expect(steps.map(({ title, run, uses }) => [title, run ?? uses])).toEqual([
      ['first / some/action@1', 'some/action@1'],
      ['Called / Only / Own / Run', 'own'],
      ['last / End', 'last'],
    ]);
  });

  it('gives a step the variables and conditions that hold where it is, with the meaning of their names', async () => {
    const [, own, last] = await plan('main');
    const resolved = Object.entries(own?.env ?? {}).map(([name, { text, contexts }]) => [
      name,
      resolveText(text, contexts),
    ]);
    expect(resolved).toEqual([
      ['COMMIT', 'abc'],
      ['PLACE', 'at abc'],
      ['WHICH', '3'],
    ]);
    expect(last?.conditions.map(({ text }) => text)).toEqual(["github.event_name == 'push'", "inputs.x == 'y'"]);
    expect(last?.workingDirectory).toBe('folder');
  });

  it.each(['circle', 'lost'])('refuses jobs that can never start (%s)', async (name) => {
    await expect(plan(name)).rejects.toThrow(`No job of ${name} can start: a`);
  });
});
