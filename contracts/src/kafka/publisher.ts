/** Name of the publisher's lock and of its checkpoint in the read model. Where nothing is published, it has no checkpoint. */
export const PUBLISHER = 'publisher';
