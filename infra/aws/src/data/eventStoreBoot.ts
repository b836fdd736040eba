import { copiedTag, imageUri } from '../naming/images.js';
import { logGroupName, REGION, secretName } from '../naming/names.js';
import type { EnvironmentName } from '../size/environments.js';

export interface EventStoreNode {
  environment: EnvironmentName;
  account: string;
  /** Its name in the private zone. */
  host: string;
  /** Names of all nodes, this one included. */
  hosts: readonly string[];
}

/** The secrets that a node reads, with the files in `/etc/eventstore` that they become. */
export const NODE_FILES = {
  EVENTSTORE_CA: 'ca/ca.crt',
  EVENTSTORE_CERTIFICATE: 'node.crt',
  EVENTSTORE_CERTIFICATE_KEY: 'node.key',
} as const;

/** Settings of the container. Projections stay off, as in docker-compose.yml: the services do their own. */
const settings = ({ host, hosts }: EventStoreNode): Record<string, string> => ({
  CLUSTER_SIZE: String(hosts.length),
  ...(hosts.length === 1
    ? {}
    : {
        DISCOVER_VIA_DNS: 'false',
        GOSSIP_SEED: hosts
          .filter((other) => other !== host)
          .map((other) => `${other}:2113`)
          .join(','),
      }),
  NODE_IP: '0.0.0.0',
  REPLICATION_IP: '0.0.0.0',
  NODE_HOST_ADVERTISE_AS: host,
  REPLICATION_HOST_ADVERTISE_AS: host,
  CERTIFICATE_FILE: '/etc/eventstore/node.crt',
  CERTIFICATE_PRIVATE_KEY_FILE: '/etc/eventstore/node.key',
  TRUSTED_ROOT_CERTIFICATES_PATH: '/etc/eventstore/ca',
  RUN_PROJECTIONS: 'None',
  DISABLE_LOG_FILE: 'true',
  TELEMETRY_OPTOUT: 'true',
});

/** The account `eventstore` of the image. */
const OWNER = '1000:1000';

/**
 * Commands of the first boot of a node: mount the volume, fetch certificates, start the container. A volume that has a file
 * system is mounted as it is, so an instance can be replaced. They wait for secrets that an operator has yet to store.
 */
export const eventStoreBoot = (node: EventStoreNode): readonly string[] => {
  const { environment, account } = node;
  const image = imageUri(account, 'ums/eventstore', copiedTag('ums/eventstore'));
  const read = (variable: string) =>
    `aws secretsmanager get-secret-value --region ${REGION} --query SecretString --output text --secret-id ${secretName(environment, variable)}`;
  return [
    'set -euo pipefail',
    'umask 077',
    'dnf install -y docker && systemctl enable --now docker',
    'until [ -e /dev/sdf ]; do sleep 2; done',
    'blkid /dev/sdf || mkfs.xfs /dev/sdf',
    "mkdir -p /var/lib/eventstore && echo '/dev/sdf /var/lib/eventstore xfs noatime,nofail 0 2' >> /etc/fstab && mount -a",
    `mkdir -p /etc/eventstore/ca && chown ${OWNER} /var/lib/eventstore`,
    ...Object.entries(NODE_FILES).map(
      ([variable, file]) => `until ${read(variable)} > /etc/eventstore/${file}; do sleep 30; done`,
    ),
    `chown -R ${OWNER} /etc/eventstore`,
    `PASSWORD=$(${read('EVENTSTORE_PASSWORD')})`,
    'printf "EVENTSTORE_DEFAULT_ADMIN_PASSWORD=%s\\nEVENTSTORE_DEFAULT_OPS_PASSWORD=%s\\n" "$PASSWORD" "$PASSWORD" > /root/eventstore.env',
    ...Object.entries(settings(node)).map(
      ([name, value]) => `echo 'EVENTSTORE_${name}=${value}' >> /root/eventstore.env`,
    ),
    `until aws ecr get-login-password --region ${REGION} | docker login --username AWS --password-stdin ${image.split('/')[0]} && docker pull ${image}; do sleep 30; done`,
    [
      'docker run --detach --name eventstore --restart always --network host --env-file /root/eventstore.env',
      '--volume /var/lib/eventstore:/var/lib/eventstore --volume /etc/eventstore:/etc/eventstore:ro',
      `--log-driver awslogs --log-opt awslogs-region=${REGION} --log-opt awslogs-group=${logGroupName(environment, 'eventstore')}`,
      `--log-opt awslogs-stream=${node.host} ${image}`,
    ].join(' '),
  ];
};
