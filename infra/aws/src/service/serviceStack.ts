import { Stack } from 'aws-cdk-lib';
import { CfnApplication, CfnEnvironment } from 'aws-cdk-lib/aws-elasticbeanstalk';
import type { Construct } from 'constructs';
import type { Data } from '../data/dataStack.js';
import type { Logs } from '../logs/logsStack.js';
import { nameOf } from '../naming/names.js';
import type { Network } from '../network/networkStack.js';
import { FLEETS, type FleetName } from '../settings/containers.js';
import { fleetSettings } from '../settings/fleetSettings.js';
import type { EnvironmentName, EnvironmentSize } from '../size/environments.js';
import { serviceAlarms } from './alarms.js';
import { type Balancers, balancers, LISTENERS } from './balancers.js';
import { beanstalkRole } from './beanstalkRole.js';
import { databasesProject } from './databasesProject.js';
import { fleetOptions } from './fleetOptions.js';
import type { RoleNeeds } from './fleetPermissions.js';
import { executionRole, instanceProfile } from './fleetRoles.js';

/** `aws elasticbeanstalk list-available-solution-stacks` lists those that a region has. Minor updates come by themselves. */
export const PLATFORM = '64bit Amazon Linux 2023 v4.2.0 running ECS';

export interface ServiceNeeds extends RoleNeeds {
  network: Network;
  data: Data;
  logs: Logs;
}

/** The services on Elastic Beanstalk: the APIs behind the public balancer, and an environment for each worker. */
export const serviceStack = (
  scope: Construct,
  environment: EnvironmentName,
  size: EnvironmentSize,
  needs: ServiceNeeds,
): void => {
  const { network, logs, data, mail } = needs;
  const stack = new Stack(scope, 'service', { stackName: nameOf(environment, 'service') });
  const lb = balancers(stack, environment, size, network);
  const serviceRole = beanstalkRole(stack, environment);
  const application = new CfnApplication(stack, 'application', {
    applicationName: nameOf(environment, 'users'),
    resourceLifecycleConfig: {
      serviceRole: serviceRole.roleArn,
      versionLifecycleConfig: { maxCountRule: { enabled: true, maxCount: 50, deleteSourceFromS3: true } },
    },
  });
  FLEETS.forEach((fleet, index) => {
    executionRole(stack, environment, fleet, needs);
    const options = fleetOptions({
      fleet,
      size,
      network,
      balancer: balancerOf(fleet, lb, size.domain, index + 1),
      instanceProfile: instanceProfile(stack, environment, fleet, needs).ref,
      serviceRole: serviceRole.roleArn,
      settings: fleetSettings(fleet, size, {
        pictures: data.pictures.bucketName,
        checkpoints: data.checkpoints.bucketName,
        feedbackTopicArn: mail.feedbackTopicArn,
      }),
    });
    const created = new CfnEnvironment(stack, fleet, {
      applicationName: application.ref,
      environmentName: nameOf(environment, fleet),
      solutionStackName: PLATFORM,
      optionSettings: Object.entries(options).flatMap(([namespace, values]) =>
        Object.entries(values).map(([optionName, value]) => ({ namespace, optionName, value })),
      ),
    });
    // Elastic Beanstalk adds its rules to listeners that exist.
    created.node.addDependency(...lb.listeners);
  });
  serviceAlarms(stack, environment, { api: lb.api, alarms: logs.alarms });
  databasesProject(stack, environment, size, needs);
};

/** Workers get no requests: the host of their rules is a name that nobody has. */
const balancerOf = (fleet: FleetName, lb: Balancers, domain: string, priority: number) =>
  fleet === 'api'
    ? { arn: lb.api.loadBalancerArn, listener: LISTENERS.api, host: domain, priority }
    : { arn: lb.workers.loadBalancerArn, listener: LISTENERS.workers, host: `${fleet}.invalid`, priority };
