import { executionRoleName, nameOf, REGION } from '../naming/names.js';
import { NO_RESOURCE, OBJECTS, type Permission } from '../permissions/allowing.js';
import { FLEETS } from '../settings/containers.js';
import type { EnvironmentName } from '../size/environments.js';
import { CHANGE_ENVIRONMENTS, CHANGE_STACKS, DEPLOY } from './beanstalkActions.js';

const IN_REGION = { StringEquals: { 'aws:RequestedRegion': REGION } };

const passedTo = (service: string) => ({ StringEquals: { 'iam:PassedToService': service } });

/** What Elastic Beanstalk does with the rights of a pipeline. */
export const beanstalkPermissions = (
  account: string,
  environments: readonly EnvironmentName[],
): readonly Permission[] => {
  const versions = `arn:aws:s3:::elasticbeanstalk-${REGION}-${account}`;
  const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;
  const named = 'versions and environments of one application';
  return [
    {
      actions: DEPLOY,
      resources: environments
        .map((environment) => nameOf(environment, 'users'))
        .flatMap((application) => [
          `arn:aws:elasticbeanstalk:${REGION}:${account}:application/${application}`,
          `arn:aws:elasticbeanstalk:${REGION}:${account}:applicationversion/${application}/*`,
          `arn:aws:elasticbeanstalk:${REGION}:${account}:environment/${application}/*`,
        ]),
      pattern: named,
    },
    {
      actions: CHANGE_STACKS,
      resources: [`arn:aws:cloudformation:${REGION}:${account}:stack/awseb-e-*/*`],
      pattern: 'Elastic Beanstalk names the stacks of its environments awseb-e-<id>',
    },
    { actions: CHANGE_ENVIRONMENTS, resources: ['*'], conditions: IN_REGION, pattern: NO_RESOURCE },
    { actions: ['s3:GetBucketLocation', 's3:ListBucket'], resources: [versions] },
    {
      actions: ['s3:GetObject', 's3:GetObjectAcl', 's3:PutObject', 's3:PutObjectAcl'],
      resources: [`${versions}/*`],
      pattern: OBJECTS,
    },
    {
      actions: ['iam:PassRole'],
      resources: environments.flatMap((environment) =>
        FLEETS.map((fleet) => role(executionRoleName(environment, fleet))),
      ),
      conditions: passedTo('ecs-tasks.amazonaws.com'),
    },
    {
      actions: ['iam:PassRole'],
      resources: environments.map((environment) => role(`${nameOf(environment, 'service')}-*`)),
      conditions: passedTo('ec2.amazonaws.com'),
      pattern: 'CloudFormation names the roles of instances after the stack that makes them',
    },
  ];
};
