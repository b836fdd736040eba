/** The source of the current time; tests replace it. Leases use the time of the database instead. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
