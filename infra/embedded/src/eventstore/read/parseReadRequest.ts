import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { status } from '@grpc/grpc-js';
import type { Direction } from '../storage/eventPages.js';
import type { UuidForm } from '../wire/encodeEvent.js';
import { handlerThrew, StatusError } from '../wire/statusError.js';
import { type EventFilter, eventFilter } from './eventFilter.js';

export interface LogPosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}

interface Read {
  readonly uuid: UuidForm;
}

export interface StreamRead extends Read {
  readonly kind: 'stream';
  readonly stream: Buffer;
  readonly direction: Direction;
  readonly from: bigint | 'start' | 'end';
  readonly count: bigint;
  /** Whether the client understands the response with the stream's last revision. */
  readonly wantsLastRevision: boolean;
}

export interface AllRead extends Read {
  readonly kind: 'all';
  readonly direction: Direction;
  readonly from: LogPosition | 'start' | 'end';
  readonly count: bigint;
  readonly filter: EventFilter | undefined;
}

export interface StreamSubscription extends Read {
  readonly kind: 'stream subscription';
  readonly stream: Buffer;
  readonly from: bigint | 'start' | 'end';
}

export interface AllSubscription extends Read {
  readonly kind: 'all subscription';
  readonly from: LogPosition | 'start' | 'end';
  readonly filter: { readonly matches: EventFilter; readonly window: number; readonly interval: number } | undefined;
}

export type ReadRequest = StreamRead | AllRead | StreamSubscription | AllSubscription;

/** The largest unsigned revision or position, which means the end. */
const UNSIGNED_END = 0xffffffffffffffffn;
const DEFAULT_WINDOW = 32;

/** @throws StatusError for a malformed request or an unsupported combination of options. */
export const parseReadRequest = (request: ReadReq): ReadRequest => {
  const options = request.getOptions();
  const uuid = options?.getUuidOption();
  if (!options || !uuid || !(uuid.hasString() || uuid.hasStructured())) throw handlerThrew();
  const form = { uuid: uuid.hasStructured() ? ('structured' as const) : ('string' as const) };
  const direction: Direction = options.getReadDirection() === 0 ? 'forwards' : 'backwards';
  checkCombination(options, direction);

  if (options.hasStream()) {
    const stream = Buffer.from(options.getStream()?.getStreamIdentifier()?.getStreamName_asU8() ?? []);
    if (stream.length === 0) throw handlerThrew();
    const from = startRevision(options.getStream());
    if (options.hasSubscription()) return { kind: 'stream subscription', stream, from, ...form };
    const wantsLastRevision = (options.getControlOption()?.getCompatibility() ?? 0) >= 1;
    return { kind: 'stream', stream, direction, from, count: BigInt(options.getCount()), wantsLastRevision, ...form };
  }
  const from = startPosition(options.getAll());
  const filter = options.getFilter();
  const matches = filter && eventFilter(filter);
  if (!options.hasSubscription())
    return { kind: 'all', direction, from, count: BigInt(options.getCount()), filter: matches, ...form };
  return {
    kind: 'all subscription',
    from,
    filter: filter && matches && { matches, ...checkpointPace(filter) },
    ...form,
  };
};

const checkCombination = (options: ReadReq.Options, direction: Direction) => {
  const filter = options.getFilter();
  const supported =
    (options.hasStream() || options.hasAll()) &&
    (options.hasCount() || (options.hasSubscription() && direction === 'forwards')) &&
    (options.hasNoFilter() || (filter && options.hasAll() && (filter.hasMax() || filter.hasCount())));
  if (supported) return;
  const names = [
    options.hasStream() ? 'Stream' : options.hasAll() ? 'All' : 'None',
    options.hasCount() ? 'Count' : options.hasSubscription() ? 'Subscription' : 'None',
    direction === 'forwards' ? 'Forwards' : 'Backwards',
    filter ? 'Filter' : options.hasNoFilter() ? 'NoFilter' : 'None',
  ];
  throw new StatusError(status.INVALID_ARGUMENT, `The combination of (${names.join(', ')}) is invalid.`);
};

const startRevision = (options: ReadReq.Options.StreamOptions | undefined): StreamRead['from'] => {
  if (options?.hasEnd()) return 'end';
  if (!options?.hasRevision()) return 'start';
  const from = BigInt(options.getRevision());
  return from === UNSIGNED_END ? 'end' : from;
};

const startPosition = (options: ReadReq.Options.AllOptions | undefined): AllRead['from'] => {
  if (options?.hasEnd()) return 'end';
  const from = options?.getPosition();
  if (!from) return 'start';
  const commit = BigInt(from.getCommitPosition());
  const prepare = BigInt(from.getPreparePosition());
  if (commit === UNSIGNED_END) return 'end';
  if (prepare > commit) throw handlerThrew();
  return { commit, prepare };
};

const checkpointPace = (filter: ReadReq.Options.FilterOptions) => {
  const window = filter.hasMax() ? filter.getMax() : DEFAULT_WINDOW;
  const interval = filter.getCheckpointintervalmultiplier();
  if (window === 0 || interval === 0) throw handlerThrew();
  return { window, interval };
};
