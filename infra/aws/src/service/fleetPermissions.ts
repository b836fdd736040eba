import type { Keys } from '../keys/keys.js';
import type { Mail } from '../mail/mailStack.js';
import { bucketName } from '../naming/names.js';
import { OBJECTS, type Permission } from '../permissions/allowing.js';
import type { FleetName } from '../settings/containers.js';
import type { EnvironmentName } from '../size/environments.js';

export interface RoleNeeds {
  keys: Keys;
  mail: Mail;
}

/** What the services of a fleet do with AWS themselves. */
export const fleetPermissions = (
  environment: EnvironmentName,
  fleet: FleetName,
  account: string,
  { keys, mail }: RoleNeeds,
): readonly Permission[] => {
  const pictures = `arn:aws:s3:::${bucketName(environment, 'pictures', account)}`;
  const checkpoints = `arn:aws:s3:::${bucketName(environment, 'checkpoints', account)}`;
  const useKey: Permission = { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [keys.data.keyArn] };
  // Uploads and pictures are stored, listed, and deleted with all their versions.
  const useFiles: readonly Permission[] = [
    {
      actions: ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:GetObject', 's3:PutObject'],
      resources: [`${pictures}/*`],
      pattern: OBJECTS,
    },
    { actions: ['s3:ListBucket', 's3:ListBucketVersions'], resources: [pictures] },
    useKey,
  ];
  const permissions: Record<FleetName, readonly Permission[]> = {
    api: useFiles,
    projector: [],
    notifier: [...useFiles, { actions: ['ses:SendEmail'], resources: [mail.identityArn, mail.configurationSetArn] }],
    // It never deletes a checkpoint.
    notary: [
      {
        actions: ['s3:GetObject', 's3:PutObject', 's3:PutObjectRetention'],
        resources: [`${checkpoints}/*`],
        pattern: OBJECTS,
      },
      { actions: ['s3:ListBucket'], resources: [checkpoints] },
      useKey,
    ],
  };
  return permissions[fleet];
};
