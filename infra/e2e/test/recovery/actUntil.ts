import { setTimeout as sleep } from 'node:timers/promises';
import { type ActionContext, randomAction } from './randomAction.js';
import type { SimulatedUser } from './simulatedUser.js';

/**
 * A user sends random requests, one after the other, until a condition is met, they have asked for their erasure, or a request is
 * not answered.
 *
 * @param onAnswer gets the status of each answer
 */
export const actUntil = async (
  isOver: () => boolean,
  user: SimulatedUser,
  context: ActionContext,
  onAnswer: (status: number) => void,
): Promise<void> => {
  while (!isOver() && user.erased === 'no') {
    const status = await randomAction(user, context);
    if (status === undefined) return;
    onAnswer(status);
    if (status === 0) await sleep(10);
  }
};
