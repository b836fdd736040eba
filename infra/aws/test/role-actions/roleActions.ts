import { DATA_ROLES } from './data.js';
import { DELIVERY_ROLES } from './delivery.js';
import { LOG_ROLES } from './logs.js';
import { SERVICE_ROLES } from './service.js';

/** Every role, with all that it may do. A role that needs another action gets a line in these files, so that it is seen. */
export const ROLE_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  ...DATA_ROLES,
  ...DELIVERY_ROLES,
  ...LOG_ROLES,
  ...SERVICE_ROLES,
};
