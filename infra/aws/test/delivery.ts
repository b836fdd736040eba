import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { DELIVERED } from '../src/delivery/environments.js';
import { COPIED_IMAGES } from '../src/naming/images.js';
import { rollbackAlarms } from '../src/service/alarms.js';
import { FLEETS } from '../src/settings/containers.js';
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

const pipeline = resourcesOf('AWS::CodePipeline::Pipeline')[0];
const stages = (pipeline?.Properties.Stages ?? []) as PipelineStage[];

const specificationOf = ({ Properties }: FoundResource): { phases: { build: { commands: string[] } } } => {
  const { BuildSpec } = Properties.Source as { BuildSpec: string };
  return JSON.parse(BuildSpec);
};
const projects = resourcesOf('AWS::CodeBuild::Project');
const BUNDLES = DELIVERED.flatMap((environment) => FLEETS.map((fleet) => `${environment}_${fleet}`));
const commandsOf = (name: string): string[] =>
  projects
    .filter(({ Properties }) => Properties.Name === name)
    .flatMap((project) => specificationOf(project).phases.build.commands);

export const deliveryTests = (): void =>
  describe('the pipeline', () => {
    it('leads from a commit through tests, image, staging and a person to production', () => {
      expect(stages.map(({ Name }) => Name)).toEqual(['source', 'test', 'image', 'staging', 'approval', 'production']);
      expect(stages[4]?.Actions.map(({ ActionTypeId }) => ActionTypeId.Provider)).toEqual(['Manual']);
    });

    it("runs the README's test command, with engines required", () => {
      const [install, test] = commandsOf('ums-test');
      expect(readText('README.md')).toContain(`${install} && ${test?.replace('REQUIRE_ENGINES=1 ', '')}\n`);
    });

    it.each(['staging', 'production'])(
      'undoes a deployment to %s that fails or raises an alarm that exists',
      (name) => {
        const stage = stages.find(({ Name }) => Name === name);
        expect(stage?.OnFailure).toEqual({ Result: 'ROLLBACK' });
        const [condition] = stage?.OnSuccess?.Conditions ?? [];
        expect(condition?.Result).toBe('ROLLBACK');
        const alarms = condition?.Rules.map(({ Configuration }) => Configuration.AlarmName);
        const environment = name as 'staging' | 'production';
        expect(alarms).toEqual(rollbackAlarms(environment));
        const existing = resourcesIn(environment, 'service', 'AWS::CloudWatch::Alarm');
        expect(existing.map(({ Properties }) => Properties.AlarmName)).toEqual(expect.arrayContaining(alarms ?? []));
      },
    );

    it('deploys to environments and starts projects that exist, with artifacts that a stage before makes', () => {
      const made = new Set<string>();
      const names = resourcesOf('AWS::ElasticBeanstalk::Environment').map(
        ({ Properties }) => Properties.EnvironmentName,
      );
      const known = projects.map(({ Properties }) => Properties.Name);
      for (const { Actions } of stages) {
        for (const { Configuration, InputArtifacts = [], OutputArtifacts = [] } of Actions) {
          for (const { Name } of InputArtifacts) expect(made).toContain(Name);
          for (const { Name } of OutputArtifacts) made.add(Name);
          if (Configuration.EnvironmentName) expect(names).toContain(Configuration.EnvironmentName);
          if (Configuration.ProjectName) expect(known).toContain(Configuration.ProjectName);
        }
      }
      expect([...made].sort()).toEqual([...BUNDLES, 'image', 'source'].sort());
    });

    it('copies the images of docker-compose.yml', () => {
      const { services } = parse(readText('docker-compose.yml')) as { services: Record<string, { image: string }> };
      expect(COPIED_IMAGES).toEqual({
        'ums/proxy': services.proxy?.image,
        'ums/eventstore': services.eventstore?.image,
      });
    });

    it('refuses an image with a finding that is high or critical', () => {
      const commands = commandsOf('ums-image');
      const push = commands.findIndex((command) => command.startsWith('docker push'));
      const refusal = commands.findIndex(
        (command) => command.includes('.HIGH // 0') && command.includes('.CRITICAL // 0'),
      );
      const tag = commands.findIndex((command) => command.endsWith('> tag.txt'));
      expect([push > 0, refusal > push, tag > refusal]).toEqual([true, true, true]);
    });

    it('has commands that a shell can read', () => {
      const specifications = projects.flatMap((project) => specificationOf(project).phases.build.commands);
      const boots = STACKS.flatMap(({ name, text }) =>
        name.endsWith('-data') ? [text.includes('dnf install') ? 1 : 0] : [],
      );
      expect(boots).toEqual([1, 1, 1, 1]);
      for (const command of specifications) execFileSync('bash', ['-n'], { input: command });
    });
  });
