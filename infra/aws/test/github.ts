import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { GITHUB_ENVIRONMENTS } from '../src/delivery/githubEnvironments.js';
import { SIZES } from '../src/size/environments.js';
import { resourcesOf } from './synthesized.js';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const WORKFLOWS = join(ROOT, '.github', 'workflows');

interface Job {
  with?: { environment?: string };
  'timeout-minutes'?: number;
  steps?: { uses?: string; with?: Record<string, unknown> }[];
}

const jobOf = (workflow: string): Job => {
  const { jobs } = parse(readFileSync(join(WORKFLOWS, `${workflow}.yml`), 'utf8')) as { jobs: { deploy: Job } };
  return jobs.deploy;
};

/** Rows of the table of variables in README.md: name, PIPELINE, PIPELINE_STAGE, PUBLIC_URL. */
const documented = [
  ...readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8').matchAll(
    /^\| `(\w+)` \| `DeployRole\1` \| `([\w-]+)` \| `(\w+)` \| `(https:\S+)` \|$/gm,
  ),
].map(([, name, pipeline, stage, url]) => ({ name, pipeline, stage, url }));

const pipelines = resourcesOf('AWS::CodePipeline::Pipeline');
const roleOf = (stage: string) => resourcesOf('AWS::IAM::Role').filter(({ id }) => id.startsWith(`github${stage}role`));

/** What a workflow run needs to be a deployment, and what it may do then. */
export const githubTests = (): void =>
  describe('GitHub', () => {
    it('is trusted by one provider, for tokens that AWS is meant to get', () => {
      const providers = resourcesOf('AWS::IAM::OIDCProvider');
      expect(providers.map(({ Properties }) => Properties)).toEqual([
        { Url: 'https://token.actions.githubusercontent.com', ClientIdList: ['sts.amazonaws.com'] },
      ]);
    });

    it('has the variables that README.md lists, for each environment that a workflow deploys to', () => {
      const rows = GITHUB_ENVIRONMENTS.map(({ environment, pipeline, stage }) => ({
        name: environment,
        pipeline,
        stage,
        url: `https://${SIZES[stage].domain}`,
      }));
      expect(documented).toEqual(rows);
      const deployed = ['development', 'staging', 'production'].map((name) => jobOf(name).with?.environment);
      expect(deployed).toEqual(rows.map(({ name }) => name));
    });

    it.each(GITHUB_ENVIRONMENTS)('lets runs in $environment alone take the role for it', ({ environment, stage }) => {
      const [role, ...others] = roleOf(stage);
      expect(others).toEqual([]);
      const trust = role?.Properties.AssumeRolePolicyDocument;
      const [{ id = '' } = {}] = resourcesOf('AWS::IAM::OIDCProvider');
      expect(trust).toMatchObject({
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRoleWithWebIdentity',
            Principal: { Federated: { 'Fn::GetAtt': [id, 'Arn'] } },
            Condition: {
              StringEquals: {
                'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
                'token.actions.githubusercontent.com:sub': `repo:{{resolve:ssm:/ums/source-repository}}:environment:${environment}`,
              },
            },
          },
        ],
      });
    });

    it.each(GITHUB_ENVIRONMENTS)(
      'may start $pipeline, which has the stage $stage, and no other',
      ({ pipeline, stage }) => {
        const policies = resourcesOf('AWS::IAM::Policy').filter(({ id }) => id.startsWith(`github${stage}role`));
        const resources = policies.flatMap(({ Properties }) => {
          const { Statement } = Properties.PolicyDocument as { Statement: { Resource: unknown }[] };
          return Statement.map(({ Resource }) => JSON.stringify(Resource));
        });
        expect(resources).toEqual([expect.stringMatching(new RegExp(`:codepipeline:us-east-1:.*:${pipeline}"`))]);
        const [started] = pipelines.filter(({ Properties }) => Properties.Name === pipeline);
        const stages = (started?.Properties.Stages ?? []) as { Name: string; Actions: { Name: string }[] }[];
        expect(stages.map(({ Name }) => Name)).toContain(stage);
        // `npm run -s deploy` names the action whose commit it chooses.
        expect(stages[0]?.Actions.map(({ Name }) => Name)).toEqual(['source']);
      },
    );

    it('waits for a deployment as long as its credentials are valid, and the role allows that', () => {
      const { 'timeout-minutes': minutes = 0, steps = [] } = jobOf('deploy');
      const [credentials] = steps.filter(({ uses }) => uses?.startsWith('aws-actions/configure-aws-credentials@'));
      const seconds = credentials?.with?.['role-duration-seconds'];
      expect(seconds).toBe(minutes * 60);
      for (const { stage } of GITHUB_ENVIRONMENTS)
        expect(roleOf(stage)[0]?.Properties.MaxSessionDuration).toBe(seconds);
    });
  });
