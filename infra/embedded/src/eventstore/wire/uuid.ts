import type { UUID } from '@eventstore/db-client/generated/shared_pb.js';
import { isUuid } from '@ums/contracts/uuid';

const NIL = '00000000-0000-0000-0000-000000000000';

/** Parses an id in either form of the protocol. @returns lower case; undefined when it is missing, malformed or nil. */
export const parseUuid = (uuid: UUID | undefined): string | undefined => {
  const structured = uuid?.getStructured();
  const id = structured
    ? fromBits(BigInt(structured.getMostSignificantBits()), BigInt(structured.getLeastSignificantBits()))
    : (uuid?.getString() ?? '').toLowerCase();
  return isUuid(id) && id !== NIL ? id : undefined;
};

const half = (bits: bigint) => BigInt.asUintN(64, bits).toString(16).padStart(16, '0');

const fromBits = (most: bigint, least: bigint): string => {
  const [head, tail] = [half(most), half(least)];
  return `${head.slice(0, 8)}-${head.slice(8, 12)}-${head.slice(12)}-${tail.slice(0, 4)}-${tail.slice(4)}`;
};

/** The two 64-bit halves of a UUID for the structured form. */
export const uuidBits = (id: string): { most: bigint; least: bigint } => {
  const hex = id.replaceAll('-', '');
  return { most: BigInt(`0x${hex.slice(0, 16)}`), least: BigInt(`0x${hex.slice(16)}`) };
};
