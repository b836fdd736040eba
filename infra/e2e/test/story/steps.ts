import { administrationSteps } from './administration.js';
import { erasureSteps } from './erasure.js';
import { exportSteps } from './exports.js';
import { feedSteps } from './feed.js';
import { grantSteps } from './grants.js';
import { historySteps } from './history.js';
import { mailFeedbackSteps } from './mailFeedback.js';
import { passwordSteps } from './passwords.js';
import { profileSteps } from './profile.js';
import { proofSteps } from './proofs.js';
import { refusalSteps } from './refusals.js';
import { registrationSteps } from './registration.js';
import { refreshSteps, sessionEndSteps } from './sessions.js';
import type { Step } from './story.js';

/** All steps of the story in three parts, which run in this order. The service may be restarted between two parts. */
export const firstSteps: readonly Step[] = registrationSteps;
export const middleSteps: readonly Step[] = [
  ...[
    ...profileSteps,
    ...passwordSteps,
    ...administrationSteps,
    ...historySteps,
    ...grantSteps,
    ...feedSteps,
    ...proofSteps,
    ...exportSteps,
    ...refreshSteps,
  ],
];
export const lastSteps: readonly Step[] = [
  ...[...sessionEndSteps, ...refusalSteps, ...erasureSteps, ...mailFeedbackSteps],
];
