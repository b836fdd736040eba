import { describe, expect, it } from '@jest/globals';
import { DELIVERIES } from '../src/delivery/deliveries.js';
import { rollbackAlarms } from '../src/service/alarms.js';
import { FLEETS } from '../src/settings/containers.js';
import { resourcesIn, resourcesOf } from './synthesized.js';

interface PipelineStage {
  Name: string;
  OnFailure?: object;
  OnSuccess?: { Conditions: { Result: string; Rules: { Configuration: { AlarmName: string } }[] }[] };
  Actions: {
    ActionTypeId: { Provider: string };
    Configuration: Record<string, string>;
    InputArtifacts?: { Name: string }[];
    OutputArtifacts?: { Name: string }[];
  }[];
}

const pipelines = resourcesOf('AWS::CodePipeline::Pipeline');
const stagesOf = (name: string): PipelineStage[] =>
  pipelines
    .filter(({ Properties }) => Properties.Name === name)
    .flatMap(({ Properties }) => Properties.Stages as PipelineStage[]);

const projects = resourcesOf('AWS::CodeBuild::Project');
const deployments = DELIVERIES.flatMap(({ pipeline, environments }) =>
  environments.map((environment) => [pipeline, environment] as const),
);
export const deliveryTests = (): void =>
  describe('the pipelines', () => {
    it('lead from a commit through tests, image, staging and a person to production', () => {
      const stages = stagesOf('ums-production');
      expect(stages.map(({ Name }) => Name)).toEqual(['source', 'tests', 'image', 'staging', 'approval', 'production']);
      expect(stages[4]?.Actions.map(({ ActionTypeId }) => ActionTypeId.Provider)).toEqual(['Manual']);
    });

    it.each(['development', 'test', 'staging'])('lead through the same to %s, without a person', (name) => {
      expect(stagesOf(`ums-${name}`).map(({ Name }) => Name)).toEqual(['source', 'tests', 'image', name]);
    });

    it('take commits of their branch, and start for nobody but who asks', () => {
      const sources = pipelines.map(({ Properties }) => {
        const [action] = stagesOf(Properties.Name as string)[0]?.Actions ?? [];
        return [Properties.Name, action?.Configuration.BranchName, action?.Configuration.DetectChanges];
      });
      expect(sources.sort()).toEqual(DELIVERIES.map(({ pipeline, branch }) => [pipeline, branch, 'false']).sort());
    });

    it.each(deployments)(
      'undo a deployment by %s to %s that fails or raises an alarm that exists',
      (name, environment) => {
        const stage = stagesOf(name).find(({ Name }) => Name === environment);
        expect(stage?.OnFailure).toEqual({ Result: 'ROLLBACK' });
        const [condition] = stage?.OnSuccess?.Conditions ?? [];
        expect(condition?.Result).toBe('ROLLBACK');
        const alarms = condition?.Rules.map(({ Configuration }) => Configuration.AlarmName);
        expect(alarms).toEqual(rollbackAlarms(environment));
        const existing = resourcesIn(environment, 'service', 'AWS::CloudWatch::Alarm');
        expect(existing.map(({ Properties }) => Properties.AlarmName)).toEqual(expect.arrayContaining(alarms ?? []));
      },
    );

    it.each(deployments)('deploy by %s to all that %s consists of, and nothing else', (name, environment) => {
      const deployed = stagesOf(name)
        .filter(({ Name }) => Name === environment)
        .flatMap(({ Actions }) => Actions)
        .filter(({ ActionTypeId }) => ActionTypeId.Provider === 'ElasticBeanstalk')
        .map(({ Configuration }) => [Configuration.ApplicationName, Configuration.EnvironmentName]);
      const [application] = resourcesIn(environment, 'service', 'AWS::ElasticBeanstalk::Application');
      const existing = resourcesIn(environment, 'service', 'AWS::ElasticBeanstalk::Environment');
      expect(deployed).toEqual(
        existing.map(({ Properties }) => [application?.Properties.ApplicationName, Properties.EnvironmentName]),
      );
      expect(deployed).toHaveLength(FLEETS.length);
    });

    it.each(DELIVERIES)(
      'start projects that exist ($pipeline), with artifacts that a stage before makes',
      (delivery) => {
        const made = new Set<string>();
        const known = projects.map(({ Properties }) => Properties.Name);
        for (const { Actions } of stagesOf(delivery.pipeline)) {
          for (const { Configuration, InputArtifacts = [], OutputArtifacts = [] } of Actions) {
            for (const { Name } of InputArtifacts) expect(made).toContain(Name);
            for (const { Name } of OutputArtifacts) made.add(Name);
            if (Configuration.ProjectName) expect(known).toContain(Configuration.ProjectName);
          }
        }
        const bundles = delivery.environments.flatMap((environment) =>
          FLEETS.map((fleet) => `${environment}_${fleet}`),
        );
        expect([...made].sort()).toEqual([...bundles, 'image', 'source'].sort());
      },
    );
  });
