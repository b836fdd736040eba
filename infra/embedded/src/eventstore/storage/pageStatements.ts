/** Bytes of the data and metadata of one page's events, apart from its first event. */
export const PAGE_BYTES = 1_048_576;

const COLUMNS = 'position, stream, revision, id, type, json, created, metadata, data';
const BYTES = 'octet_length(metadata) + octet_length(data)';
const LAST_REVISION = 'select revision from log_event where stream_key = $1 order by revision desc limit 1';
const metadataOf = (key: string) =>
  `select case when json then data end from log_event where stream_key = ${key} order by revision desc limit 1`;

/**
 * Selects one page: at most `limit` events and `PAGE_BYTES` bytes, but at least one event.
 * @param columns further columns; `preceding` is 0 in the first row.
 */
const page = (where: string, order: string, limit: string, columns = '') => `
  select ${COLUMNS}${columns} from (
    select *, sum(${BYTES}) over (order by ${order} rows unbounded preceding) - (${BYTES}) as preceding
    from (select * from log_event where ${where} order by ${order} limit ${limit}) found
  ) sized where preceding < ${PAGE_BYTES} order by ${order}`;

/** The first row also holds the last revision and the metadata of the stream, so that both are those of the page's moment. */
const STREAM_HEAD = `, case when preceding = 0 then (${LAST_REVISION}) end,
    case when preceding = 0 then (${metadataOf('$4')}) end`;

/** The statements that read the log. Each is one descent of an index by its keyset, or a fixed number of them. */
export const pageStatements = {
  all: {
    forwards: page('position > $1', 'position', '$2'),
    backwards: page('position < $1', 'position desc', '$2'),
  },
  stream: {
    forwards: page('stream_key = $1 and revision >= $2', 'revision', '$3', STREAM_HEAD),
    backwards: page('stream_key = $1 and revision <= $2', 'revision desc', '$3', STREAM_HEAD),
  },
  streamHead: `select (${LAST_REVISION}), (${metadataOf('$2')})`,
  /** Bisects the revisions, because creation times have no index: an index would cost every append. */
  firstSince: `with recursive search (low, high) as (
      select $2::bigint, $3::bigint + 1
      union all
      select case when created < $4 then revision + 1 else low end, case when created < $4 then high else revision end
      from search, lateral (
        select revision, created from log_event where stream_key = $1 and revision = low + (high - low) / 2
      ) middle where low < high
    ) select low from search where low >= high`,
  eventAt: `select ${COLUMNS} from log_event where position = $1`,
  startOfAppend: `select position from log_event
    where stream_key = $1 and revision <= $2 and created - revision = $3 order by revision limit 1`,
  firstPosition: 'select position from log_event order by position limit 1',
};
