import { nameOf, REGION } from '../naming/names.js';
import { rollbackAlarms } from '../service/alarms.js';
import { databasesProjectName } from '../service/databasesProject.js';
import { FLEETS } from '../settings/containers.js';
import type { EnvironmentName } from '../size/environments.js';
import { actionType } from './actionType.js';
import { bundleArtifact } from './bundleCommands.js';

/** For this long after a deployment an alarm undoes it. */
const WATCHED_MINUTES = 15;

const watchFor = (alarm: string) => ({
  name: alarm,
  ruleTypeId: { category: 'Rule', owner: 'AWS', provider: 'CloudWatchAlarm', version: '1' },
  configuration: { AlarmName: alarm, AlarmStates: 'ALARM', WaitTime: String(WATCHED_MINUTES) },
  region: REGION,
});

/**
 * A stage of the pipeline that deploys to an environment: bundles, databases, then all fleets at once, which may start in any
 * order. Where a fleet does not become healthy, or an alarm is on within fifteen minutes, the stage is rolled back:
 * CodePipeline runs it with the artifacts of the last execution that succeeded.
 */
export const deploymentStage = (environment: EnvironmentName, bundlesProject: string) => ({
  name: environment,
  onFailure: { result: 'ROLLBACK' },
  onSuccess: { conditions: [{ result: 'ROLLBACK', rules: rollbackAlarms(environment).map(watchFor) }] },
  actions: [
    {
      name: 'bundles',
      runOrder: 1,
      actionTypeId: actionType('Build', 'CodeBuild'),
      configuration: { ProjectName: bundlesProject, PrimarySource: 'source' },
      inputArtifacts: [{ name: 'source' }, { name: 'image' }],
      outputArtifacts: FLEETS.map((fleet) => ({ name: bundleArtifact(environment, fleet) })),
    },
    {
      name: 'databases',
      runOrder: 2,
      actionTypeId: actionType('Build', 'CodeBuild'),
      configuration: { ProjectName: databasesProjectName(environment) },
      inputArtifacts: [{ name: bundleArtifact(environment, 'api') }],
    },
    ...FLEETS.map((fleet) => ({
      name: fleet,
      runOrder: 3,
      actionTypeId: actionType('Deploy', 'ElasticBeanstalk'),
      configuration: { ApplicationName: nameOf(environment, 'users'), EnvironmentName: nameOf(environment, fleet) },
      inputArtifacts: [{ name: bundleArtifact(environment, fleet) }],
    })),
  ],
});
