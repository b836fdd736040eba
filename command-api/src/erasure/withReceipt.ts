import type { FactDeps } from '../account/factDeps.js';
import type { ExistingUser } from '../user/loadUser.js';
import { receiptOf } from './receiptRow.js';

/** An erased user, and the id of the receipt of the erasure. */
export interface ErasedUser extends ExistingUser {
  receipt: string;
}

/** Adds the receipt of the erasure; a repeat of the erasure gets the same. */
export const withReceipt = async ({ vault }: Pick<FactDeps, 'vault'>, user: ExistingUser): Promise<ErasedUser> => ({
  ...user,
  receipt: await receiptOf(vault, user.userId),
});
