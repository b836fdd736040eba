import { userProfileV1 } from './profile/userProfileV1.js';
import type { Projection } from './projection/projection.js';

/** Every read model this service folds. A new one is a file, a migration, and a line here. */
export const PROJECTIONS: readonly Projection[] = [userProfileV1];
