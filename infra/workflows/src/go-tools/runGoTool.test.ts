import { describe, expect, it } from '@jest/globals';
import { type FakeTools, fakeTools } from '../../../engines/test/fakeTools.js';
import { runGoTool } from './runGoTool.js';

/** `go` installs a shell script in place of actionlint. */
const goThatInstalls = async (script: string): Promise<FakeTools> => {
  const tools = await fakeTools();
  const write = `printf '#!/bin/sh\\n%s\\n' '${script}' > "$GOBIN/actionlint"`;
  await tools.write('go', `${write}\n/bin/chmod 755 "$GOBIN/actionlint"`);
  return tools;
};

describe('runGoTool', () => {
  it('compiles a tool once, runs it with its arguments, and returns its exit code', async () => {
    const { env, runs } = await goThatInstalls('exit "$1"');
    expect(await runGoTool(['actionlint', '0'], env)).toBe(0);
    expect(await runGoTool(['actionlint', '3'], env)).toBe(3);
    expect(await runs('go')).toBe(1);
  });

  it('returns 1 for a tool that a signal has ended', async () => {
    const { env } = await goThatInstalls('kill -9 $$');
    expect(await runGoTool(['actionlint'], env)).toBe(1);
  });

  it('fails for a tool that cannot be run', async () => {
    const tools = await fakeTools();
    await tools.write('go', ': > "$GOBIN/actionlint"');
    await expect(runGoTool(['actionlint'], tools.env)).rejects.toThrow('EACCES');
  });

  it.each([[[]], [['other']]])('lists the tools for %j', async (args) => {
    await expect(runGoTool(args)).rejects.toThrow('Tools: actionlint, gitleaks, grype');
  });
});
