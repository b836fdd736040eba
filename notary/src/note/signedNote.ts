/** The head of a tree, as the text that is signed states it. */
export interface TreeHead {
  /** Which log: also the name of the key. */
  origin: string;
  size: number;
  /** 32 bytes. */
  root: Buffer;
  /** How many of these leaves are of streams whose events may expire; absent where that was not counted. */
  expirable?: number | undefined;
}

export interface NoteSignature {
  /** Name of the key. */
  name: string;
  /** Four bytes that tell keys of one name apart. */
  keyHash: Buffer;
  /** 64 bytes. */
  signature: Buffer;
}

/** A signed note whose text is a checkpoint. Whether its signatures are good is not known yet. */
export interface SignedNote {
  head: TreeHead;
  /** What the signatures are over, with the line end it ends with. */
  text: string;
  signatures: readonly NoteSignature[];
}

/** Bytes of an Ed25519 signature behind four bytes of key hash: 92 characters of base64, so that a torn line never matches. */
const SIGNATURE_LINE = /^— ([^\s+]+) ([A-Za-z0-9+/]{91}=)$/gm;
const NOTE =
  /^([^\s+]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n(?:ums-expirable (0|[1-9]\d{0,15})\n)?\n((?:— [^\s+]+ [A-Za-z0-9+/]{91}=\n)+)/gm;
const KEY_HASH_BYTES = 4;

/** The text of a checkpoint (C2SP tlog-checkpoint): origin, size and root, a line each, and an extension line if it is counted. */
export const checkpointText = ({ origin, size, root, expirable }: TreeHead): string => {
  const extension = expirable === undefined ? '' : `ums-expirable ${expirable}\n`;
  return `${origin}\n${size}\n${root.toString('base64')}\n${extension}`;
};

/** A note from its text and signatures (C2SP signed-note). */
export const formatNote = (text: string, signatures: readonly NoteSignature[]): string => {
  const lines = signatures.map(({ name, keyHash, signature }) => {
    const bytes = Buffer.concat([keyHash, signature]);
    return `— ${name} ${bytes.toString('base64')}\n`;
  });
  return `${text}\n${lines.join('')}`;
};

/**
 * Every checkpoint in a text with notes one after another, in their order. What is not a whole note of this form, as the end of
 * a file that was being written when the machine stopped, is left out.
 */
export const parseNotes = (text: string): SignedNote[] =>
  [...text.matchAll(NOTE)].map(([, origin = '', size, root = '', expirable, signatures = '']) => {
    const counted = expirable === undefined ? {} : { expirable: Number(expirable) };
    const head = { origin, size: Number(size), root: Buffer.from(root, 'base64'), ...counted };
    return { head, text: checkpointText(head), signatures: signaturesIn(signatures) };
  });

const signaturesIn = (lines: string): NoteSignature[] =>
  [...lines.matchAll(SIGNATURE_LINE)].map(([, name = '', base64 = '']) => {
    const bytes = Buffer.from(base64, 'base64');
    return { name, keyHash: bytes.subarray(0, KEY_HASH_BYTES), signature: bytes.subarray(KEY_HASH_BYTES) };
  });
