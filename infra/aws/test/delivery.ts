import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { DELIVERIES } from '../src/delivery/deliveries.js';
import { COPIED_IMAGES } from '../src/naming/images.js';
import { rollbackAlarms } from '../src/service/alarms.js';
import { FLEETS } from '../src/settings/containers.js';
import { ENVIRONMENTS } from '../src/size/environments.js';
import { type FoundResource, resourcesIn, resourcesOf, STACKS } from './synthesized.js';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

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

const specificationOf = ({ Properties }: FoundResource): { phases: { build: { commands: string[] } } } => {
  const { BuildSpec } = Properties.Source as { BuildSpec: string };
  return JSON.parse(BuildSpec);
};
const projects = resourcesOf('AWS::CodeBuild::Project');
const deployments = DELIVERIES.flatMap(({ pipeline, environments }) =>
  environments.map((environment) => [pipeline, environment] as const),
);
const commandsOf = (name: string): string[] =>
  projects
    .filter(({ Properties }) => Properties.Name === name)
    .flatMap((project) => specificationOf(project).phases.build.commands);

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

    it("run the README's test command, with engines required", () => {
      const [install, test] = commandsOf('ums-tests');
      expect(readText('README.md')).toContain(`${install} && ${test?.replace('REQUIRE_ENGINES=1 ', '')}\n`);
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

    it('copy the images of docker-compose.yml', () => {
      const { services } = parse(readText('docker-compose.yml')) as { services: Record<string, { image: string }> };
      expect(COPIED_IMAGES).toEqual({
        'ums/proxy': services.proxy?.image,
        'ums/eventstore': services.eventstore?.image,
      });
    });

    it('refuse an image with a finding that is high or critical', () => {
      const commands = commandsOf('ums-image');
      const push = commands.findIndex((command) => command.startsWith('docker push'));
      const refusal = commands.findIndex(
        (command) => command.includes('.HIGH // 0') && command.includes('.CRITICAL // 0'),
      );
      const tag = commands.findIndex((command) => command.endsWith('> tag.txt'));
      expect([push > 0, refusal > push, tag > refusal]).toEqual([true, true, true]);
    });

    it.each(ENVIRONMENTS)(
      'ask for the brokers of the cluster of %s, at their listener for TLS and SCRAM',
      (environment) => {
        const commands = commandsOf(`ums-bundles-${environment}`).join('\n');
        const [parameter] = resourcesIn(environment, 'data', 'AWS::SSM::Parameter');
        expect(parameter?.Properties.Value).toEqual({ Ref: 'kafka' });
        expect(commands).toContain(`--name ${parameter?.Properties.Name} --query Parameter.Value`);
        expect(commands).toContain('--query BootstrapBrokerStringSaslScram --output text)');
        expect(commands).toMatch(/bundle\/main\.js .*--brokers "\$BROKERS"/);
      },
    );

    it('have commands that a shell can read', () => {
      const specifications = projects.flatMap((project) => specificationOf(project).phases.build.commands);
      const boots = STACKS.flatMap(({ name, text }) =>
        name.endsWith('-data') ? [text.includes('dnf install') ? 1 : 0] : [],
      );
      expect(boots).toEqual([1, 1, 1, 1]);
      for (const command of specifications) execFileSync('bash', ['-n'], { input: command });
    });
  });
