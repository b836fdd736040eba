import type { Transaction } from '@ums/kit/postgres/transaction';

/** An upload that a request began to store. */
export interface UploadStart {
  pictureId: string;
  at: Date;
}

/**
 * Notes that a request is about to store an upload of the user. It precedes the erasure of the
 * account, which then sees the note, or follows it and notes nothing.
 *
 * @returns false for an erased user, for whom nothing may be stored any more.
 */
export const noteUploadStart = async (
  vault: Transaction,
  userId: string,
  { pictureId, at }: UploadStart,
): Promise<boolean> => {
  const { rowCount } = await vault.query({
    name: 'note-upload-start',
    text: `update account set upload_id = $2, upload_at = $3 where user_id = $1 and status <> 'erased'`,
    values: [userId, pictureId, at],
  });
  return rowCount === 1;
};

/** The upload that was noted last; `undefined` if there was none. */
export const lastUploadStart = async (vault: Transaction, userId: string): Promise<UploadStart | undefined> => {
  const { rows } = await vault.query<UploadStart>({
    name: 'read-upload-start',
    text: `select upload_id as "pictureId", upload_at as at from account where user_id = $1 and upload_id is not null`,
    values: [userId],
  });
  return rows[0];
};
