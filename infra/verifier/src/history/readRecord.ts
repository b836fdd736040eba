import type { BinaryField, ProvedEvent } from '@ums/contracts/proof/leaf';
import { isProvable } from '@ums/contracts/proof/leaf';
import { Fault } from '../fault.js';
import { hashOfBase64 } from '../input/base64.js';

/** An event of the log with the place that a file gives it. */
export interface PlacedEvent {
  index: number;
  position: bigint;
  event: ProvedEvent;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const POSITION = /^(?:0|[1-9]\d{0,19})$/;
const EVENT_MEMBERS = ['id', 'stream', 'revision', 'type', 'data', 'metadata'];
const BINARY: readonly string[] = ['data', 'data,metadata', 'metadata'];

/** @throws Fault if the value is no object with these members and at most the optional ones besides */
export const readMembers = (
  value: unknown,
  { what, members, optional = [] }: { what: string; members: readonly string[]; optional?: readonly string[] },
): Record<string, unknown> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Fault(`${what} is no object.`);
  const missing = members.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) throw new Fault(`${what} has no ${missing}.`);
  // What no hash covers must not pass for proved.
  if (Object.keys(value).some((name) => !members.includes(name) && !optional.includes(name)))
    throw new Fault(`${what} has a member that this format does not have.`);
  return value as Record<string, unknown>;
};

export const readIndex = (value: unknown, what: string): number => {
  if (!isCount(value)) throw new Fault(`${what} has no valid index.`);
  return value;
};

export const readHash = (value: unknown, what: string): Buffer => {
  const hash = hashOfBase64(value);
  if (hash === undefined) throw new Fault(`${what} has a hash that is not the base64 text of 32 bytes.`);
  return hash;
};

/** @param what names the record in messages. @throws Fault */
export const readPlacedEvent = (record: Record<string, unknown>, what: string): PlacedEvent => {
  const index = readIndex(record.index, what);
  if (typeof record.position !== 'string' || !POSITION.test(record.position))
    throw new Fault(`${what} has no valid position.`);
  return { index, position: BigInt(record.position), event: readEvent(record.event, what) };
};

const readEvent = (value: unknown, what: string): ProvedEvent => {
  const event = readMembers(value, { what: `The event of ${what}`, members: EVENT_MEMBERS, optional: ['base64'] });
  const { id, stream, revision, type, base64 } = event;
  if (typeof id !== 'string' || !UUID.test(id)) throw new Fault(`The event of ${what} has no valid id.`);
  if (typeof stream !== 'string' || typeof type !== 'string' || !isProvable({ stream, type }))
    throw new Fault(`The event of ${what} has no valid stream and type.`);
  if (!isCount(revision)) throw new Fault(`The event of ${what} has no valid revision.`);
  if (base64 !== undefined && !isBinaryList(base64)) throw new Fault(`The event of ${what} has no valid base64.`);
  return event as unknown as ProvedEvent;
};

const isBinaryList = (value: unknown): value is BinaryField[] =>
  Array.isArray(value) && value.every((field) => typeof field === 'string') && BINARY.includes(value.join());

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
