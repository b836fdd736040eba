import { REGION } from '../naming/names.js';
import type { EnvironmentSize } from '../size/environments.js';
import type { FleetName } from './containers.js';

/** Names that AWS gives when it creates the resources. */
export interface CreatedNames {
  pictures: string;
  checkpoints: string;
  /** Topic of SNS to which SES reports bounces and complaints. */
  feedbackTopicArn: string;
}

type Settings = Readonly<Record<string, string>>;

/**
 * The variables of the services in a fleet that are no secrets. Elastic Beanstalk passes them to every container of the
 * fleet and shows them in its console.
 */
export const fleetSettings = (
  fleet: FleetName,
  { domain, backupDays, checkpointLockDays }: EnvironmentSize,
  { pictures, checkpoints, feedbackTopicArn }: CreatedNames,
): Settings => {
  const publicUrl = `https://${domain}`;
  const picturesUrl = `https://pictures.${domain}`;
  const settings: Record<FleetName, Settings> = {
    api: {
      PUBLIC_URL: publicUrl,
      S3_BUCKET: pictures,
      S3_REGION: REGION,
      PICTURES_URL: picturesUrl,
      BACKUP_DAYS: String(backupDays),
      SES_FEEDBACK_TOPIC_ARN: feedbackTopicArn,
    },
    projector: {},
    notifier: {
      PUBLIC_URL: publicUrl,
      S3_BUCKET: pictures,
      S3_REGION: REGION,
      AWS_REGION: REGION,
      MAIL_FROM: `no-reply@${domain}`,
    },
    notary: {
      CHECKPOINT_BUCKET: checkpoints,
      CHECKPOINT_LOCK_DAYS: String(checkpointLockDays),
      S3_REGION: REGION,
      NOTARY_ORIGIN: `${domain}/log`,
    },
  };
  return settings[fleet];
};
