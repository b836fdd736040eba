import { API_PREFIX, ROUTES } from '@ums/contracts/routes';
import { behindBalancer, proxyConfig } from '../../../compose/proxyConfig.mjs';
import { VPC_CIDR } from '../naming/names.js';
import { API_PORTS } from '../settings/apiHosts.js';
import { type EnvironmentName, SIZES } from '../size/environments.js';

/** The configuration of the proxy in the fleet `api`, whose clients reach it through the balancer. */
export const proxyBehindBalancer = (environment: EnvironmentName): string =>
  proxyConfig(ROUTES, API_PREFIX, behindBalancer(VPC_CIDR, API_PORTS, `https://${SIZES[environment].domain}`));
