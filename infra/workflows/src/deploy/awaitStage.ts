import { StartRefused } from '@ums/kit/startRefused';

/** Runs the AWS command line with arguments. @returns what it prints, parsed as JSON */
export type Aws = (args: readonly string[]) => Promise<unknown>;

interface StageState {
  stageName: string;
  latestExecution?: { pipelineExecutionId: string; status: string };
  /** Of the alarms that are watched after the deployment. */
  onSuccessConditionState?: { latestExecution?: { status: string } };
}

interface Execution {
  pipelineExecution: { status: string };
}

export interface Deployment {
  pipeline: string;
  /** The stage to wait for: one that is after it, such as a manual approval, is not waited for. */
  stage: string;
  /** The id of a commit. */
  commit: string;
}

interface Waiting {
  aws: Aws;
  /** Waits before the state is read again. */
  pause: () => Promise<void>;
  print: (line: string) => void;
}

const ENDED = new Set(['Failed', 'Stopped', 'Cancelled', 'Superseded', 'Succeeded']);

/**
 * Starts a pipeline of CodePipeline, whose first action is named `source`, at a commit, and waits until a stage of it has succeeded.
 * @returns the id of the execution
 * @throws StartRefused when the stage or the execution ends in another way
 */
export const awaitStage = async (
  { pipeline, stage, commit }: Deployment,
  { aws, pause, print }: Waiting,
): Promise<string> => {
  const source = `actionName=source,revisionType=COMMIT_ID,revisionValue=${commit}`;
  const named = ['--name', pipeline];
  const started = await aws(['codepipeline', 'start-pipeline-execution', ...named, '--source-revisions', source]);
  const { pipelineExecutionId: id } = started as { pipelineExecutionId: string };
  print(`${pipeline}: execution ${id} of commit ${commit}`);
  for (let reported = ''; ; await pause()) {
    const { stageStates } = (await aws(['codepipeline', 'get-pipeline-state', ...named])) as {
      stageStates: readonly StageState[];
    };
    const state = stageStates.find(({ stageName }) => stageName === stage);
    if (state === undefined) throw new StartRefused(`${pipeline} has no stage ${stage}.`);
    const status = statusIn(state, id);
    if (status !== reported) print(`${stage}: ${status}`);
    reported = status;
    if (status === 'Succeeded') return id;
    if (ENDED.has(status)) throw new StartRefused(`${stage} of ${pipeline} ended: ${status}.`);
    if (status === 'not reached') await refuseEnded(aws, pipeline, id);
  }
};

/** A stage whose alarms are still watched is in progress: one of them would undo the deployment. */
const statusIn = ({ latestExecution, onSuccessConditionState }: StageState, id: string): string => {
  if (latestExecution?.pipelineExecutionId !== id) return 'not reached';
  const isWatched = onSuccessConditionState?.latestExecution?.status === 'InProgress';
  return latestExecution.status === 'Succeeded' && isWatched ? 'InProgress' : latestExecution.status;
};

/** An execution that fails before the stage, or that a newer one has overtaken, never reaches it. */
const refuseEnded = async (aws: Aws, pipeline: string, id: string): Promise<void> => {
  const ids = ['--pipeline-name', pipeline, '--pipeline-execution-id', id];
  const { pipelineExecution } = (await aws(['codepipeline', 'get-pipeline-execution', ...ids])) as Execution;
  if (ENDED.has(pipelineExecution.status))
    throw new StartRefused(`The execution of ${pipeline} ended before the stage: ${pipelineExecution.status}.`);
};
