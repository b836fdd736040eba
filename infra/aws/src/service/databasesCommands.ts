import { ADMINISTRATOR, ADMINISTRATOR_PARAMETERS } from '../naming/administrator.js';
import { DATABASE_ROLES, passwordName } from '../naming/databaseRoles.js';
import { REGION } from '../naming/names.js';
import { CERTIFICATE_FILE, CERTIFICATES } from '../settings/certificates.js';

/**
 * The input is the bundle of the fleet `api`, which names the image and has the certificate of RDS: no route leads from the
 * VPC to where RDS publishes it. The administrator's password may hold characters that a URL must escape.
 */
export const DATABASES_COMMANDS: readonly string[] = [
  'IMAGE=$(jq --raw-output ".containerDefinitions[0].image" Dockerrun.aws.json)',
  `aws ecr get-login-password --region ${REGION} | docker login --username AWS --password-stdin "$(dirname "$(dirname "$IMAGE")")"`,
  `ESCAPED=$(docker run --rm --env ADMINISTRATOR_PASSWORD "$IMAGE" --print 'encodeURIComponent(process.env.ADMINISTRATOR_PASSWORD)')`,
  `export POSTGRES_URL="postgresql://${ADMINISTRATOR}:$ESCAPED@$POSTGRES_HOST/postgres?sslmode=verify-full&${ADMINISTRATOR_PARAMETERS}"`,
  [
    `docker run --rm --network host --volume "$PWD/certificates:${CERTIFICATES}:ro"`,
    `--env NODE_EXTRA_CA_CERTS=${CERTIFICATES}/${CERTIFICATE_FILE} --env POSTGRES_URL`,
    ...DATABASE_ROLES.map((role) => `--env ${passwordName(role)}`),
    '"$IMAGE" infra/commands/dist/databases/main.js',
  ].join(' '),
];
