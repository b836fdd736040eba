import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnvironmentName } from '../src/size/environments.js';
import { lineOf, synthesize } from '../src/synthesize.js';

export interface Resource {
  Type: string;
  Properties?: Record<string, unknown>;
  DeletionPolicy?: string;
}

export interface SynthesizedStack {
  name: string;
  line: string;
  text: string;
  resources: ReadonlyMap<string, Resource>;
}

const folder = mkdtempSync(join(tmpdir(), 'ums-aws-'));

/** All stacks, synthesised once for all tests of this suite. */
export const STACKS: readonly SynthesizedStack[] = (() => {
  try {
    return synthesize(folder).map((artifact) => ({
      name: artifact.stackName,
      line: lineOf(artifact),
      text: JSON.stringify(artifact.template),
      resources: new Map(Object.entries((artifact.template as { Resources: Record<string, Resource> }).Resources)),
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
})();

export interface FoundResource extends Resource {
  stack: string;
  id: string;
  Properties: Record<string, unknown>;
}

/** Resources of a type in all stacks. */
export const resourcesOf = (...types: readonly string[]): readonly FoundResource[] =>
  STACKS.flatMap(({ name, resources }) =>
    [...resources]
      .filter(([, { Type }]) => types.includes(Type))
      .map(([id, resource]) => ({ ...resource, stack: name, id, Properties: resource.Properties ?? {} })),
  );

/** Resources of a type in one stack of an environment. */
export const resourcesIn = (environment: EnvironmentName, stack: string, type: string): readonly FoundResource[] =>
  resourcesOf(type).filter(({ stack: name }) => name === `ums-${environment}-${stack}`);
