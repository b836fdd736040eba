import { setTimeout as sleep } from 'node:timers/promises';

export interface Pace {
  perSecond: number;
  commands: number;
}

/**
 * Starts commands at a steady pace, of the users in turn. Those of one user run one after another: parallel ones would conflict,
 * and conflicts are not measured.
 */
export const atPace = async <User, T>(
  users: readonly User[],
  { perSecond, commands }: Pace,
  command: (user: User, index: number) => Promise<T>,
): Promise<T[]> => {
  const previous = new Map<User, Promise<unknown>>();
  return Promise.all(
    Array.from({ length: commands }, (_, index) => {
      const user = users[index % users.length] as User;
      const due = Promise.all([sleep((index * 1_000) / perSecond), previous.get(user)]);
      const result = due.then(() => command(user, index));
      previous.set(user, result);
      return result;
    }),
  );
};
