import type { AppendResult, Position, RecordedEvent } from '@eventstore/db-client';

export interface FoundEvent {
  readonly event: RecordedEvent;
  readonly commitPosition?: bigint;
}

/** Positions differ between servers; only their relation is compared. */
const describePosition = (position: Position | undefined): string | undefined => {
  if (!position) return undefined;
  if (position.commit === position.prepare) return 'c=p';
  return position.commit > position.prepare ? 'c>p' : 'c<p';
};

export const describeAppend = ({ success, nextExpectedRevision, position }: AppendResult) => ({
  success,
  next: nextExpectedRevision,
  position: describePosition(position),
});

export const describeEvent = ({ event, commitPosition }: FoundEvent) => ({
  event: {
    stream: event.streamId,
    type: event.type,
    rev: event.revision,
    json: event.isJson,
    data: event.data,
    meta: event.metadata,
    created: event.created instanceof Date ? 'Date' : typeof event.created,
    position: describePosition(event.position),
  },
  commitPosition: typeof commitPosition,
});

const RUN = 'gRUN-';
/** As long as the id of the recorded run, which was replaced after the messages had been cut. */
const RECORDED_RUN = 'gRUN_____-';

const cut = (message: string): string =>
  message.replaceAll(RUN, RECORDED_RUN).slice(0, 160).replaceAll(RECORDED_RUN, RUN);

export const describeError = (thrown: unknown) => {
  const error = thrown as Error & Readonly<Record<string, unknown>>;
  const name = error.constructor.name;
  return {
    error: error.type ?? name,
    name,
    stream: error.streamName,
    expected: error.expectedVersion,
    actual: error.actualVersion,
    code: error.code,
    max: error.maxAppendSize,
    msg: cut(error.message.replace(/\d+\.\d+\.\d+\.\d+:\d+/g, 'HOST')),
  };
};

/** The result, or a description of the error. */
export const resultOrError = async <T>(call: () => Promise<T>): Promise<T | ReturnType<typeof describeError>> => {
  try {
    return await call();
  } catch (error) {
    return describeError(error);
  }
};

export const appendResult = (append: () => Promise<AppendResult>) =>
  resultOrError(async () => describeAppend(await append()));

/** The result as JSON text. Of binary values, the first 40 bytes. */
export const toJson = (result: unknown): string =>
  JSON.stringify(result, (_key, value) => {
    if (typeof value === 'bigint') return `${value}n`;
    const bytes = value?.type === 'Buffer' ? value.data : value;
    return bytes instanceof Uint8Array || value?.type === 'Buffer'
      ? `bytes:${Buffer.from(bytes).toString('hex').slice(0, 80)}`
      : value;
  });
