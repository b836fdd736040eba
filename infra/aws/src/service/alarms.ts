import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { type ApplicationLoadBalancer, HttpCodeTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { nameOf } from '../naming/names.js';
import { FLEETS } from '../settings/containers.js';
import type { EnvironmentName } from '../size/environments.js';

/** Alarms that undo a deployment, by their names: CodePipeline looks at up to five after a stage. */
export const rollbackAlarms = (environment: EnvironmentName): readonly string[] => [
  nameOf(environment, 'api-server-errors'),
  nameOf(environment, 'api-slow'),
  nameOf(environment, 'api-degraded'),
  nameOf(environment, 'projector-degraded'),
  nameOf(environment, 'notifier-degraded'),
];

/** 20 is "Degraded" among the values of EnvironmentHealth, and 25 "Severe". */
const DEGRADED = 20;

interface Options {
  api: ApplicationLoadBalancer;
  alarms: Topic;
}

/** Alarms on what clients notice, and on what Elastic Beanstalk says of each fleet. */
export const serviceAlarms = (scope: Construct, environment: EnvironmentName, { api, alarms }: Options): void => {
  const alarm = (name: string, metric: Metric, threshold: number, description: string) =>
    new Alarm(scope, `alarm-${name}`, {
      alarmName: nameOf(environment, name),
      alarmDescription: description,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(new SnsAction(alarms));
  const period = Duration.minutes(1);
  const errors = api.metrics.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, { period, statistic: 'Sum' });
  alarm('api-server-errors', errors, 10, 'ten answers in a minute were 5xx');
  alarm('api-slow', api.metrics.targetResponseTime({ period, statistic: 'p99' }), 2.5, 'answers take 2.5 s');
  for (const fleet of FLEETS) {
    const health = new Metric({
      namespace: 'AWS/ElasticBeanstalk',
      metricName: 'EnvironmentHealth',
      dimensionsMap: { EnvironmentName: nameOf(environment, fleet) },
      statistic: 'Maximum',
      period,
    });
    alarm(`${fleet}-degraded`, health, DEGRADED, `Elastic Beanstalk says why ${fleet} is degraded`);
  }
};
