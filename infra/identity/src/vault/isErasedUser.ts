import type { Query } from '@ums/kit/postgres/guardedQuery';

const IS_ERASED = 'select erased_at is not null as erased from data_key where subject = $1';

/** Whether the user's data key was destroyed; `false` for an id that never had one. */
export const isErasedUser = async (vault: Query, userId: string): Promise<boolean> => {
  const [row] = await vault<{ erased: boolean }>({ name: 'is-erased', text: IS_ERASED, values: [userId] });
  return row?.erased === true;
};
