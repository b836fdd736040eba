/**
 * What the embedded server is started with. The log tells of the server, never of rows: statements, parameters and DETAIL
 * lines (which quote keys) stay out. Loopback TCP only. Freed WAL files are deleted, not reused, so that erased rows leave
 * the disk. One server without standbys needs no more WAL than recovery does.
 */
export const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  wal_recycle: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_checkpoints: 'off',
  log_line_prefix: '',
  lc_messages: 'C',
};

/** For tests: what a crash of the machine would lose is not waited for; what a crash of the server would lose still is. */
export const WITHOUT_FSYNC: Readonly<Record<string, string>> = { fsync: 'off', full_page_writes: 'off' };
