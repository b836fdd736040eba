import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../../engines/test/atEndOfFile.js';
import { withEnvironment } from '../../../engines/test/withEnvironment.js';
import { deployCommand } from './deployCommand.js';

/** Runs the command with a shell script in place of the AWS command line. */
const deploy = async (script: string | undefined, args = ['ums', 'Staging', 'abc']) => {
  const folder = await temporaryFolder('ums-aws-');
  if (script !== undefined) {
    await writeFile(join(folder, 'aws'), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, 'aws'), 0o755);
  }
  return await withEnvironment({ PATH: folder }, () =>
    deployCommand(
      args,
      () => undefined,
      async () => undefined,
    ),
  );
};

const STATE =
  '{"stageStates":[{"stageName":"Staging","latestExecution":{"pipelineExecutionId":"7","status":"Succeeded"}}]}';

describe('deployCommand', () => {
  it('asks the AWS command line for JSON', async () => {
    const answer = `case "$*" in *"--output json") ;; *) exit 1;; esac
      case "$2" in start-*) echo '{"pipelineExecutionId":"7"}';; *) echo '${STATE}';; esac`;
    expect(await deploy(answer)).toBe('Deployed: Staging of ums has succeeded in execution 7.');
  });

  it('says what AWS has answered when it refuses', async () => {
    await expect(deploy('echo AccessDenied >&2; exit 254')).rejects.toThrow(
      'aws start-pipeline-execution failed: AccessDenied',
    );
  });

  it('says that the AWS command line is missing', async () => {
    await expect(deploy(undefined)).rejects.toThrow('The program aws is not installed.');
  });

  it('hides no answer that is not JSON', async () => {
    await expect(deploy('echo none')).rejects.toThrow(SyntaxError);
  });

  it.each([[[]], [['ums', '', 'abc']], [['ums', 'Staging', 'abc', 'more']]])('says its usage for %j', async (args) => {
    await expect(deploy('', args)).rejects.toThrow('npm run -s deploy -- <pipeline> <stage> <commit>');
  });
});
