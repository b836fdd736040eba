import { allSubscriptionCases } from './allSubscriptionCases.js';
import { concurrencyCases } from './concurrencyCases.js';
import { contentCases } from './contentCases.js';
import { deletionCases } from './deletionCases.js';
import { expectedRevisionCases } from './expectedRevisionCases.js';
import { filterCases } from './filterCases.js';
import type { GoldenCases } from './goldenCases.js';
import { idempotencyCases } from './idempotencyCases.js';
import { metadataCases } from './metadataCases.js';
import { positionCases } from './positionCases.js';
import { readAllCases } from './readAllCases.js';
import { readStreamCases } from './readStreamCases.js';
import { streamSubscriptionCases } from './streamSubscriptionCases.js';
import { unavailableCases } from './unavailableCases.js';

/** Each group runs on its own event log, concurrently with the others, because subscription cases mostly wait. */
export const CASE_GROUPS: Readonly<Record<string, GoldenCases>> = {
  appendsAndReads: {
    ...expectedRevisionCases,
    ...idempotencyCases,
    ...concurrencyCases,
    ...contentCases,
    ...readStreamCases,
    ...metadataCases,
    ...deletionCases,
    ...readAllCases,
    ...unavailableCases,
  },
  positions: positionCases,
  allSubscriptions: { ...filterCases, ...allSubscriptionCases },
  streamSubscriptions: streamSubscriptionCases,
};
