import { describe, expect, it } from '@jest/globals';
import { comparedNodes, currentNode, fetchedNode } from './nodeVersions.js';

describe('currentNode', () => {
  it('is the version of this process, and changes no environment', () => {
    expect(process.version.startsWith(`v${currentNode.name.replace('Node ', '')}.`)).toBe(true);
    expect(currentNode.env).toEqual({});
  });
});

describe('fetchedNode', () => {
  it('puts the folder of the fetched executable first in the PATH', async () => {
    const node = await fetchedNode(24, async (version) => `/fetched/${version}/bin/node\n`);
    expect(node).toEqual({ name: 'Node 24', env: { PATH: `/fetched/24/bin:${process.env.PATH}` } });
  });
});

describe('comparedNodes', () => {
  it('are the oldest supported version and the recommended one; the one that runs this process is not fetched', async () => {
    const fetched: string[] = [];
    const nodes = await comparedNodes(async (version) => {
      fetched.push(`Node ${version}`);
      return `/fetched/${version}/bin/node`;
    });
    expect(nodes.map(({ name }) => name)).toEqual(['Node 20', 'Node 24']);
    expect(fetched).toEqual(['Node 20', 'Node 24'].filter((name) => name !== currentNode.name));
  });
});
