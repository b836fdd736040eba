import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { COPIED_IMAGES } from '../src/naming/images.js';
import { ENVIRONMENTS } from '../src/size/environments.js';
import { type FoundResource, resourcesIn, resourcesOf, STACKS } from './synthesized.js';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const specificationOf = ({ Properties }: FoundResource): { phases: { build: { commands: string[] } } } => {
  const { BuildSpec } = Properties.Source as { BuildSpec: string };
  return JSON.parse(BuildSpec);
};
const projects = resourcesOf('AWS::CodeBuild::Project');
const commandsOf = (name: string): string[] =>
  projects
    .filter(({ Properties }) => Properties.Name === name)
    .flatMap((project) => specificationOf(project).phases.build.commands);

export const buildTests = (): void =>
  describe('the builds of the pipelines', () => {
    it("run the README's test command, with engines required", () => {
      const [programs, install, test] = commandsOf('ums-tests');
      expect(programs).toContain('apt-get install');
      expect(readText('README.md')).toContain(`${install} && ${test?.replace('REQUIRE_ENGINES=1 ', '')}\n`);
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

    it('have commands that a shell can read', () => {
      const specifications = projects.flatMap((project) => specificationOf(project).phases.build.commands);
      const boots = STACKS.flatMap(({ name, text }) =>
        name.endsWith('-data') ? [text.includes('dnf install') ? 1 : 0] : [],
      );
      expect(boots).toEqual([1, 1, 1, 1]);
      for (const command of specifications) execFileSync('bash', ['-n'], { input: command });
    });
  });
