import { kafkaClusterParameter, REGION, secretName } from '../naming/names.js';
import { FLEETS } from '../settings/containers.js';
import type { EnvironmentName } from '../size/environments.js';
import { TAG_FILE } from './imageCommands.js';

const RDS_CERTIFICATES = `https://truststore.pki.rds.amazonaws.com/${REGION}/${REGION}-bundle.pem`;

/** Name of the artifact with the bundle of a fleet. CodeBuild allows letters, digits and underscores. */
export const bundleArtifact = (environment: EnvironmentName, fleet: string): string => `${environment}_${fleet}`;

/** What the build of the bundles of an environment does: it looks up the brokers, and collects the certificates that Node lacks. */
export const bundleCommands = (environment: EnvironmentName): readonly string[] => [
  `TAG=$(cat "$CODEBUILD_SRC_DIR_image/${TAG_FILE}")`,
  'npm ci --ignore-scripts && npm run -s generate && npx tsc -b infra/aws',
  `curl --fail --silent --show-error --output ca.pem ${RDS_CERTIFICATES}`,
  `aws secretsmanager get-secret-value --region ${REGION} --secret-id ${secretName(environment, 'EVENTSTORE_CA')} --query SecretString --output text >> ca.pem`,
  `CLUSTER=$(aws ssm get-parameter --region ${REGION} --name ${kafkaClusterParameter(environment)} --query Parameter.Value --output text)`,
  `BROKERS=$(aws kafka get-bootstrap-brokers --region ${REGION} --cluster-arn "$CLUSTER" --query BootstrapBrokerStringSaslScram --output text)`,
  `node infra/aws/dist/bundle/main.js --environment ${environment} --account "$ACCOUNT" --tag "$TAG" --brokers "$BROKERS" --certificates ca.pem --output bundles`,
];

/** The artifacts of that build: a folder for each fleet. */
export const bundleArtifacts = (environment: EnvironmentName) => ({
  artifacts: {
    'secondary-artifacts': Object.fromEntries(
      FLEETS.map((fleet) => [
        bundleArtifact(environment, fleet),
        { 'base-directory': `bundles/${environment}-${fleet}`, files: ['**/*'] },
      ]),
    ),
  },
});
