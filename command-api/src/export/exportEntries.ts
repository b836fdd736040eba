import { userBody } from '@ums/contracts/http/userBody';
import { HISTORY_PROOF_FORMAT } from '@ums/contracts/proof/historyProof';
import { includedEvents } from '@ums/identity/proof/includedEvents';
import { jsonLines, jsonWithList, oneText } from '@ums/kit/jsonTexts';
import { liveSessionsOf, type SessionTimes } from '../account/sessionTimes.js';
import type { ExportReadDeps } from './exportDeps.js';
import type { ExportedUser } from './exportedUser.js';
import { readme } from './exportReadme.js';
import { historyItems } from './historyItems.js';
import { mailItems } from './mailItems.js';
import type { ZipEntry } from './zipChunks.js';

const SESSIONS_AT_ONCE = 500;

/** The files of an export, one after the other. Each is read while it is sent. @throws while they are read */
export async function* exportEntries(deps: ExportReadDeps, user: ExportedUser, at: Date): AsyncGenerator<ZipEntry> {
  const { userId, key, profile, roleChanges, tree } = user;
  const { eventLog, readUsers, appName } = deps;
  yield { name: 'README.txt', content: oneText(readme(profile.locale, { appName, at })) };
  yield { name: 'profile.json', content: oneText(inLines(profileOf(user))) };
  const roles = { roles: profile.roles, changes: roleChanges, consents: [] };
  yield { name: 'roles-and-consents.json', content: oneText(inLines(roles)) };
  yield { name: 'sessions.json', content: jsonWithList({}, 'sessions', sessionsOf(deps, userId)) };
  yield* fileEntries(deps, user);
  yield { name: 'mails.ndjson', content: jsonLines(mailItems({ eventLog, readUsers }, user)) };
  yield { name: 'history.ndjson', content: jsonLines(historyItems(eventLog, userId, key)) };
  const proved = flattened(includedEvents({ read: readUsers, eventLog }, userId, tree.size));
  const head = { format: HISTORY_PROOF_FORMAT, checkpoint: tree.note };
  yield { name: 'history-proof.json', content: jsonWithList(head, 'events', proved) };
}

const inLines = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

/** Without links: they would work for some minutes only. */
const profileOf = ({ profile }: ExportedUser): object => {
  const { picture, ...body } = userBody(profile, {});
  const { urls: _, ...state } = picture ?? { urls: {} };
  return { ...body, picture: picture === null ? null : state };
};

async function* sessionsOf({ vault, clock }: ExportReadDeps, userId: string): AsyncGenerator<SessionTimes> {
  for (let after: string | undefined; ; ) {
    const page = await liveSessionsOf(vault, { userId, after, limit: SESSIONS_AT_ONCE }, clock.now());
    yield* page;
    after = page.at(-1)?.id;
    if (after === undefined) return;
  }
}

/** A file that was replaced or deleted since the export began is left out. */
async function* fileEntries({ objects }: ExportReadDeps, { files }: ExportedUser): AsyncGenerator<ZipEntry> {
  for (const { key, name } of files) {
    const file = await objects.get(key);
    if (file === undefined) continue;
    try {
      yield { name, isCompressed: true, content: file.content };
    } finally {
      file.content.destroy();
    }
  }
}

async function* flattened<T>(chunks: AsyncIterable<readonly T[]>): AsyncGenerator<T> {
  for await (const chunk of chunks) yield* chunk;
}
