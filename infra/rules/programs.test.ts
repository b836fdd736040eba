import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { repositoryFiles } from './repositoryFiles.js';

/** Programs that run the service or work on its engines. The one that processes pictures is started with an empty environment. */
const PROGRAMS =
  /^(?:(?:command-api|projector|notifier|notary|query-api)\/src\/main|infra\/(?:embedded|engines|commands)\/src\/(?:.+\/)?main)\.ts$/;

describe('programs', () => {
  it('import first what removes the variables that libraries read while they are loaded', () => {
    const programs = repositoryFiles(join(import.meta.dirname, '../..')).filter(({ path }) => PROGRAMS.test(path));
    expect(programs.length).toBeGreaterThan(20);
    const others = programs.filter(({ text }) => !text.startsWith("import '@ums/kit/ignoreLoaderSettings';\n"));
    expect(others.map(({ path }) => path)).toEqual([]);
  });
});
