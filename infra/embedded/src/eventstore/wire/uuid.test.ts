import shared from '@eventstore/db-client/generated/shared_pb.js';
import { describe, expect, it } from '@jest/globals';
import { parseUuid, uuidBits } from './uuid.js';

const ID = 'f81d4fae-7dec-11d0-0765-00a0c91e6bf6';

const structured = (most: bigint, least: bigint) => {
  const bits = new shared.UUID.Structured();
  bits.setMostSignificantBits(BigInt.asIntN(64, most).toString());
  bits.setLeastSignificantBits(BigInt.asIntN(64, least).toString());
  const uuid = new shared.UUID();
  uuid.setStructured(bits);
  return uuid;
};

describe('an event id', () => {
  it('is equal in both forms of the protocol', () => {
    const { most, least } = uuidBits(ID);
    expect(parseUuid(structured(most, least))).toBe(ID);
  });

  it('is undefined when nil or missing', () => {
    expect(parseUuid(structured(0n, 0n))).toBeUndefined();
    expect(parseUuid(undefined)).toBeUndefined();
  });
});
