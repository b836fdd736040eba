/**
 * For time limits that are not what a test is about, in ms: longer than a busy machine takes for a call, and shorter than `until`
 * waits.
 */
export const PATIENT_MS = 20_000;
