import { auditEventV1 } from './audit/auditEventV1.js';
import { userProfileV1 } from './profile/userProfileV1.js';
import type { Projection } from './projection/projection.js';

/** All projections of this service. To add one, write its file and its migration, and list it here. */
export const PROJECTIONS: readonly Projection[] = [userProfileV1, auditEventV1];
