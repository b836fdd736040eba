import shared from '@eventstore/db-client/generated/shared_pb.js';
import messages, { type ReadResp } from '@eventstore/db-client/generated/streams_pb.js';

const encode = (fill: (response: ReadResp) => void): Buffer => {
  const response = new messages.ReadResp();
  fill(response);
  return Buffer.from(response.serializeBinary());
};

export const confirmation = (subscriptionId: string) =>
  encode((response) => {
    const confirmed = new messages.ReadResp.SubscriptionConfirmation();
    confirmed.setSubscriptionId(subscriptionId);
    response.setConfirmation(confirmed);
  });

export const caughtUp = encode((response) => response.setCaughtUp(new messages.ReadResp.CaughtUp()));

export const checkpoint = (position: bigint) =>
  encode((response) => {
    const reached = new messages.ReadResp.Checkpoint();
    reached.setCommitPosition(position.toString());
    reached.setPreparePosition(position.toString());
    response.setCheckpoint(reached);
  });

export const streamNotFound = (stream: Buffer) =>
  encode((response) => {
    const name = new shared.StreamIdentifier();
    name.setStreamName(stream);
    const missing = new messages.ReadResp.StreamNotFound();
    missing.setStreamIdentifier(name);
    response.setStreamNotFound(missing);
  });

export const lastStreamPosition = (revision: bigint) =>
  encode((response) => response.setLastStreamPosition(revision.toString()));
