import type { ProposedEvent } from './append.js';

const NO_BYTES = Buffer.alloc(0);

/** An event that sets the metadata of a stream. */
export const metadataEvent = (id: string, data: Buffer): ProposedEvent => ({
  ...{ id, type: Buffer.from('$metadata'), json: true, metadata: NO_BYTES, data },
});

/** The last event of a stream for ever. */
export const tombstone = (id: string): ProposedEvent => ({
  ...{ id, type: Buffer.from('$streamDeleted'), json: false, metadata: NO_BYTES, data: NO_BYTES },
});
