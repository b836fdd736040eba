/** A time in the words of a mail. In UTC, because the recipient's time zone is unknown. */
export const toMinute = (time: Date): string => `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
