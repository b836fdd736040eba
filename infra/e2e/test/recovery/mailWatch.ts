import { setTimeout as sleep } from 'node:timers/promises';
import { allMails, linkOf } from '../inbox.js';
import type { WholeService } from '../wholeService.js';

/** What a test has seen in the inbox, which forgets everything when its process is killed. */
export interface MailWatch {
  /** Token of the newest confirmation mail to an address. */
  tokens: Map<string, string>;
  /** Ids of the mails seen, each with the process that took it, by the event they are for. */
  seen: Map<string, Set<string>>;
}

/** The one that outlives the processes. */
export const mailWatch = (): MailWatch => ({ tokens: new Map(), seen: new Map() });

const POLL_MS = 30;

/** Looks into an inbox again and again until it is gone or the watch is stopped. @returns once it is. */
export const watchInbox = async (
  watch: MailWatch,
  { inbox, process }: Pick<WholeService, 'inbox' | 'process'>,
  signal: AbortSignal,
): Promise<void> => {
  while (!signal.aborted) {
    const mails = await allMails(inbox).catch(() => undefined);
    if (mails === undefined) return;
    for (const mail of mails) {
      const event = mail.headers.find(({ name }) => name === 'X-Event-Id')?.value ?? '';
      watch.seen.set(event, (watch.seen.get(event) ?? new Set()).add(`${process.pid} ${mail.messageId}`));
      if (mail.body.text.includes('?token=')) watch.tokens.set(mail.destination.to[0] ?? '', linkOf(mail).token);
    }
    await sleep(POLL_MS);
  }
};
