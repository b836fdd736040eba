/** Somebody anonymous wished for a mail; the wish itself (whose address) is in the vault, under the stream's id. */
export interface MailRequested {
  type: 'MailRequested';
  data: { purpose: MailPurpose };
}

export type MailPurpose = 'confirm-registration';
