import type { RequestLimit } from '@ums/identity/limits/requestLimit';

/** Limits on the changes of a user in a day: each makes every later command on the user, and log-ins, cost more. */
export interface ChangeLimits {
  changeLimit: RequestLimit;
  /** Far lower, for users with a long history. Otherwise a patient user makes log-ins that keep a processor busy. */
  lateChangeLimit: RequestLimit;
}

/** The limit on what one request appends. */
export interface ChangeLimit {
  /**
   * Counts once for each request, also when its decision is repeated after a conflict.
   * @param revision of the user before the change. @throws Refused `too-many-attempts`
   */
  count(revision: bigint): Promise<void>;
  /** Takes back what was counted, if anything was: for a change that had no effect. A repeat does nothing. */
  giveBack(): Promise<void>;
}

/** Reading and unsealing so many events takes about 15 ms of a processor. Nobody who changes a profile by hand has them. */
const LONG_HISTORY = 500n;
/** What long histories get of the changes in a day; at least one. */
const LATE_SHARE = 100;

/** The name that changes count under. */
export const CHANGE_ROUTE = '/user';
/**
 * The name that changes with the current password count under. Otherwise a stolen access token could rename the user until
 * its owner cannot change the password any more.
 */
export const PROVEN_CHANGE_ROUTE = '/user/password';

/** @param changesPerDay of a user with a short history */
export const lateChangesPerDay = (changesPerDay: number): number => Math.max(1, Math.floor(changesPerDay / LATE_SHARE));

/** @param name what the change counts under: `PROVEN_CHANGE_ROUTE` only if it is refused for a wrong password before it counts */
export const changeLimitOf = (
  { changeLimit, lateChangeLimit }: ChangeLimits,
  userId: string,
  name: typeof CHANGE_ROUTE | typeof PROVEN_CHANGE_ROUTE,
): ChangeLimit => {
  let takeBack: (() => Promise<void>) | undefined;
  return {
    count: async (revision) => {
      if (takeBack !== undefined) return;
      const [limit, route] =
        revision + 1n < LONG_HISTORY ? ([changeLimit, name] as const) : ([lateChangeLimit, `${name} late`] as const);
      await limit.count(route, userId);
      takeBack = () => limit.giveBack(route, userId);
    },
    giveBack: async () => {
      const undo = takeBack;
      takeBack = undefined;
      await undo?.();
    },
  };
};
