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

/** Notes when the newest registration of the user's address began, which may be storing an upload. Later uploads stay noted. */
export const noteRegistrationUpload = (tx: Transaction, userId: string, at: Date) =>
  tx.query({
    name: 'note-registration-upload',
    text: 'update account set upload_at = greatest(upload_at, $2::timestamptz) where user_id = $1',
    values: [userId, at],
  });

/** When the upload may have begun that was noted last; `undefined` if there was none. */
export const lastUploadStart = async (vault: Transaction, userId: string): Promise<Date | undefined> => {
  const { rows } = await vault.query<Pick<UploadStart, 'at'>>({
    name: 'read-upload-start',
    text: `select upload_at as at from account where user_id = $1 and upload_at is not null`,
    values: [userId],
  });
  return rows[0]?.at;
};
