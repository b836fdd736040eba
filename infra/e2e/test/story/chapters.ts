import { administration } from './administration.js';
import { arriving } from './arriving.js';
import { farewell } from './farewell.js';
import { profile } from './profile.js';
import { refused } from './refusals.js';
import { sessions } from './sessions.js';
import type { Chapter } from './told.js';

/** The whole story, in its order: each chapter begins where the one before ended. */
export const chapters: readonly Chapter[] = [
  ...arriving,
  ...profile,
  ...administration,
  ...sessions,
  ...refused,
  ...farewell,
];
