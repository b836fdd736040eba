import { createHash } from 'node:crypto';

/** An event as exports hold it. */
export interface SampleEvent {
  id: string;
  stream: string;
  revision: number;
  type: string;
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

export interface SampleEntry {
  index: number;
  position: string;
  event: SampleEvent;
}

/** A part of a UUID that no other has, from a kind and a count. */
export const sampleId = (kind: number, count: number): string =>
  `0199c0de-${kind.toString(16).padStart(4, '0')}-4000-8000-${count.toString(16).padStart(12, '0')}`;

const sealed = (text: string): string =>
  `v1.mk000001.${createHash('sha512')
    .update(text)
    .digest('base64url')
    .replace(/^(.{16})/, '$1.')}`;

/** What happens to one user, in the order of the log: an event of a registration, then those of the user and its sessions. */
const EVENTS = ['registration', 'user', 'signin', 'user', 'signin', 'mail'] as const;
const TYPES = {
  registration: 'RegistrationRequested.v2',
  user: 'UserRenamed',
  signin: 'SessionStarted',
  mail: 'MailRequested',
};
/** Users whose events are mixed with each other. */
const GROUP = 7;

/** The events of a log that many people use, the same for the same count. */
export function* sampleLog(count: number): Generator<SampleEntry> {
  const revisions = new Map<string, number>();
  for (let index = 0; index < count; index += 1) {
    const group = Math.floor(index / (GROUP * EVENTS.length));
    const user = group * GROUP + (index % GROUP);
    const kind = EVENTS[Math.floor(index / GROUP) % EVENTS.length] as (typeof EVENTS)[number];
    const stream = `${kind}-${sampleId(1, user)}`;
    const revision = revisions.get(stream) ?? 0;
    if (index % (GROUP * EVENTS.length) === 0) revisions.clear();
    revisions.set(stream, revision + 1);
    yield {
      index,
      position: String(40 + index * 900 + (index % 13)),
      event: sampleEvent({ index, stream, revision, kind }),
    };
  }
}

const sampleEvent = (at: {
  index: number;
  stream: string;
  revision: number;
  kind: keyof typeof TYPES;
}): SampleEvent => ({
  id: sampleId(2, at.index),
  stream: at.stream,
  revision: at.revision,
  type: TYPES[at.kind],
  data: { name: sealed(`name ${at.index}`), roles: ['user'], attempts: at.index % 10, replaced: null },
  metadata: {
    $correlationId: sampleId(3, at.index),
    $causationId: sampleId(3, at.index),
    actor: { kind: 'user', id: sampleId(1, at.index % GROUP) },
    at: new Date(1_767_000_000_000 + at.index * 1_000).toISOString(),
    source: sealed(`source ${at.index}`),
  },
});
