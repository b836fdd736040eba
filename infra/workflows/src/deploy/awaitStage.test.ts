import { describe, expect, it } from '@jest/globals';
import { awaitStage } from './awaitStage.js';

const stage = (status: string, id = 'run-2', stageName = 'Staging') => ({
  stageName,
  latestExecution: { pipelineExecutionId: id, status },
});

/** Answers of AWS: the state at each look, and the status of the whole execution. */
const deploy = async (looks: readonly object[][], execution = 'InProgress') => {
  const calls: string[] = [];
  const lines: string[] = [];
  let pauses = 0;
  const end = await awaitStage(
    { pipeline: 'ums', stage: 'Staging', commit: 'abc' },
    {
      aws: async (args) => {
        calls.push(args.join(' '));
        if (args[1] === 'start-pipeline-execution') return { pipelineExecutionId: 'run-2' };
        if (args[1] === 'get-pipeline-execution') return { pipelineExecution: { status: execution } };
        return { stageStates: looks[pauses] };
      },
      pause: async () => void pauses++,
      print: (line) => lines.push(line),
    },
  ).catch((error: Error) => error.message);
  return { end, calls, lines };
};

describe('awaitStage', () => {
  it('starts the pipeline at the commit, and waits until the stage of this execution has succeeded', async () => {
    const { end, calls, lines } = await deploy([
      [stage('Succeeded', 'run-1')],
      [stage('InProgress')],
      [stage('InProgress')],
      [stage('Succeeded'), stage('InProgress', 'run-2', 'Approval')],
    ]);
    expect(end).toBe('run-2');
    expect(calls[0]).toBe(
      'codepipeline start-pipeline-execution --name ums --source-revisions actionName=source,revisionType=COMMIT_ID,revisionValue=abc',
    );
    expect(lines).toEqual([
      'ums: execution run-2 of commit abc',
      'Staging: not reached',
      'Staging: InProgress',
      'Staging: Succeeded',
    ]);
  });

  it.each(['Failed', 'Stopped', 'Cancelled'])('fails when the stage ends as %s', async (status) => {
    expect((await deploy([[stage(status)]])).end).toBe(`Staging of ums ended: ${status}.`);
  });

  it.each(['Failed', 'Superseded'])('fails when the execution ends before the stage as %s', async (status) => {
    const { end } = await deploy([[stage('Succeeded', 'run-1')]], status);
    expect(end).toBe(`The execution of ums ended before the stage: ${status}.`);
  });

  it('fails when there is no such stage', async () => {
    expect((await deploy([[stage('Succeeded', 'run-2', 'Build')]])).end).toBe('ums has no stage Staging.');
  });

  it('waits while the alarms of a stage are watched, and fails when one of them undoes the deployment', async () => {
    const watched = (status: string) => ({
      ...stage('Succeeded'),
      onSuccessConditionState: { latestExecution: { status } },
    });
    const { end, lines } = await deploy([[watched('InProgress')], [watched('Succeeded')]]);
    expect([end, lines.slice(1)]).toEqual(['run-2', ['Staging: InProgress', 'Staging: Succeeded']]);
    const undone = await deploy([[watched('InProgress')], [stage('InProgress', 'rollback-3')]], 'Failed');
    expect(undone.end).toBe('The execution of ums ended before the stage: Failed.');
  });

  it('waits for a stage that no execution has reached yet', async () => {
    expect((await deploy([[{ stageName: 'Staging' }], [stage('Succeeded')]])).end).toBe('run-2');
  });
});
