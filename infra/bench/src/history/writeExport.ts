import { createHash, generateKeyPairSync, randomBytes, randomUUID, sign } from 'node:crypto';
import { open } from 'node:fs/promises';
import { leafHash, type ProvedEvent } from '@ums/contracts/proof/leaf';
import { LOG_EXPORT_FORMAT, type LogExportHeader, type LogExportLine } from '@ums/contracts/proof/logExport';
import { growingTree } from '@ums/verifier/tree/growingTree';

/** Events of a stream. */
const STREAM_LENGTH = 4;
const LINES_AT_ONCE = 1_000;
const ORIGIN = 'ums/bench';

/**
 * Writes the export of a log of so many events, of the size that those of users have, signed with a key of its own.
 *
 * @returns the public key as a C2SP verifier key, and the size of the file in bytes
 */
export const writeExport = async (path: string, events: number): Promise<{ publicKey: string; bytes: number }> => {
  const file = await open(path, 'w');
  try {
    // A header of the same length holds the place until the root is known.
    const notary = ownKey();
    await file.write(headerOf(notary.note(events, Buffer.alloc(32))));
    const tree = growingTree();
    for (let index = 0; index < events; ) {
      const lines: string[] = [];
      for (; index < events && lines.length < LINES_AT_ONCE; index += 1) {
        const line = lineOf(index);
        tree.append(Buffer.from(line.leaf, 'base64'));
        lines.push(`${JSON.stringify(line)}\n`);
      }
      await file.write(lines.join(''));
    }
    await file.write(headerOf(notary.note(events, tree.root())), 0);
    return { publicKey: notary.publicKey, bytes: (await file.stat()).size };
  } finally {
    await file.close();
  }
};

const lineOf = (index: number): LogExportLine & { leaf: string } => {
  const revision = index % STREAM_LENGTH;
  const userId = uuidOf(Math.floor(index / STREAM_LENGTH));
  const sealed = `v1.mk000001.${randomBytes(12).toString('base64url')}.${randomBytes(36).toString('base64url')}`;
  const correlation = randomUUID();
  const event: ProvedEvent = {
    ...{ id: randomUUID(), stream: `user-${userId}`, revision, type: 'UserRenamed', data: { name: sealed } },
    metadata: {
      ...{ $correlationId: correlation, $causationId: correlation, actor: { kind: 'user', id: userId } },
      ...{ at: '2026-01-03T12:00:00.000Z', request: sealed, source: sealed },
    },
  };
  return { index, leaf: leafHash(event).toString('base64'), position: String((index + 1) * 900), event };
};

const uuidOf = (count: number): string => `0199c0de-0000-4000-8000-${count.toString(16).padStart(12, '0')}`;

const headerOf = (checkpoint: string): string => {
  const header: LogExportHeader = { format: LOG_EXPORT_FORMAT, checkpoint };
  return `${JSON.stringify(header)}\n`;
};

const ownKey = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const typed = Buffer.concat([Buffer.of(1), publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)]);
  const keyHash = createHash('sha256').update(`${ORIGIN}\n`).update(typed).digest().subarray(0, 4);
  return {
    publicKey: `${ORIGIN}+${keyHash.toString('hex')}+${typed.toString('base64')}`,
    note: (size: number, root: Buffer): string => {
      const text = `${ORIGIN}\n${size}\n${root.toString('base64')}\n`;
      const signature = Buffer.concat([keyHash, sign(null, Buffer.from(text), privateKey)]);
      return `${text}\n— ${ORIGIN} ${signature.toString('base64')}\n`;
    },
  };
};
