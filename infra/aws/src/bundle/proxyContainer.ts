import { copiedTag, imageUri } from '../naming/images.js';
import { API_HOSTS } from '../settings/apiHosts.js';
import type { EnvironmentName } from '../size/environments.js';
import { confined, linesTo } from './confined.js';

/** The reverse proxy that divides requests between the two APIs by path and method. */
export const proxyContainer = (environment: EnvironmentName, account: string) => ({
  name: 'proxy',
  image: imageUri(account, 'ums/proxy', copiedTag('ums/proxy')),
  // 21 KB for each connection, and what is in /tmp.
  memory: 192,
  ...confined(64),
  extraHosts: API_HOSTS,
  mountPoints: [{ sourceVolume: 'proxy', containerPath: '/etc/nginx/conf', readOnly: true }],
  command: ['nginx', '-c', '/etc/nginx/conf/nginx.conf', '-g', 'daemon off;'],
  portMappings: [{ hostPort: 80, containerPort: 8080 }],
  logConfiguration: linesTo(environment, 'proxy'),
});
