import { setTimeout as sleep } from 'node:timers/promises';
import { allMails, linkOf } from '../inbox.js';
import type { WholeService } from '../startWholeService.js';

/** All mails a test has seen. The inbox itself is in memory and is lost when its process is killed. */
export interface InboxHistory {
  /** Token of the newest confirmation mail, by address. */
  tokens: Map<string, string>;
  /** For each event, the mails sent because of it: pid of the service and message id. */
  mailsByEvent: Map<string, Set<string>>;
}

export const newInboxHistory = (): InboxHistory => ({ tokens: new Map(), mailsByEvent: new Map() });

const POLL_MS = 30;

/** Polls an inbox until the signal aborts or the inbox is gone. */
export const recordInbox = async (
  history: InboxHistory,
  { inbox, process }: Pick<WholeService, 'inbox' | 'process'>,
  signal: AbortSignal,
): Promise<void> => {
  while (!signal.aborted) {
    const mails = await allMails(inbox).catch(() => undefined);
    if (mails === undefined) return;
    for (const mail of mails) {
      const event = mail.headers.find(({ name }) => name === 'X-Event-Id')?.value ?? '';
      const known = history.mailsByEvent.get(event) ?? new Set();
      history.mailsByEvent.set(event, known.add(`${process.pid} ${mail.messageId}`));
      if (mail.body.text.includes('?token=')) history.tokens.set(mail.destination.to[0] ?? '', linkOf(mail).token);
    }
    await sleep(POLL_MS);
  }
};
