import { administration } from './administration.js';
import { arriving } from './arriving.js';
import { farewell } from './farewell.js';
import { profile } from './profile.js';
import { refused } from './refusals.js';
import { sessionsEnding, sessionsGoingOn } from './sessions.js';
import type { Chapter } from './told.js';

/** The whole story in its order, in three parts: each chapter begins where the one before ended, now or after a restart. */
export const beginning: readonly Chapter[] = arriving;
export const middle: readonly Chapter[] = [...profile, ...administration, ...sessionsGoingOn];
export const ending: readonly Chapter[] = [...sessionsEnding, ...refused, ...farewell];
