import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { FilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { nameOf } from '../naming/names.js';
import type { EnvironmentName } from '../size/environments.js';

/** Name of the alarm on the errors that a container logs. */
export const errorAlarmName = (environment: EnvironmentName, container: string): string =>
  nameOf(environment, `${container}-errors`);

interface Options {
  environment: EnvironmentName;
  alarms: Topic;
}

/** An alarm when a container logs more than five errors within five minutes. Lines are JSON with the word for their level. */
export const errorAlarm = (group: LogGroup, container: string, { environment, alarms }: Options): void => {
  const errors = new MetricFilter(group, 'errors', {
    logGroup: group,
    metricNamespace: 'ums',
    metricName: errorAlarmName(environment, container),
    filterPattern: FilterPattern.any(
      FilterPattern.stringValue('$.level', '=', 'error'),
      FilterPattern.stringValue('$.level', '=', 'fatal'),
    ),
    metricValue: '1',
  });
  errors
    .metric({ statistic: 'Sum', period: Duration.minutes(5) })
    .createAlarm(group, 'errors-alarm', {
      alarmName: errorAlarmName(environment, container),
      alarmDescription: `${container} logs errors: their lines say why`,
      threshold: 5,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })
    .addAlarmAction(new SnsAction(alarms));
};
