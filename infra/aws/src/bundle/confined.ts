import { logGroupName, REGION } from '../naming/names.js';
import type { EnvironmentName } from '../size/environments.js';

/** Lines of a container go to its log group. */
export const linesTo = (environment: EnvironmentName, name: string) => ({
  logDriver: 'awslogs',
  options: {
    'awslogs-group': logGroupName(environment, name),
    'awslogs-region': REGION,
    'awslogs-stream-prefix': 'ecs',
  },
});

/** No container writes to its own files or has privileges, as in docker-compose.yml. */
export const confined = (scratchMb: number) => ({
  essential: true,
  readonlyRootFilesystem: true,
  privileged: false,
  linuxParameters: {
    capabilities: { drop: ['ALL'] },
    tmpfs: [{ containerPath: '/tmp', size: scratchMb, mountOptions: ['mode=1777'] }],
  },
  dockerSecurityOptions: ['no-new-privileges'],
});
