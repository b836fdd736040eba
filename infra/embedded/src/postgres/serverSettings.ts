/**
 * Settings of the embedded server. Its log contains no data: statements, parameters and DETAIL lines (which quote keys)
 * are off. It listens on loopback TCP, and on a Unix socket in its data folder. WAL files are deleted instead of recycled,
 * so that erased rows leave the disk. Backups are made while the server runs, which `minimal` WAL does not allow. The background
 * writer, which only saves other processes from writing, wakes once a second, because an idle service should cost little.
 */
export const SERVER_SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  max_connections: '200',
  wal_recycle: 'off',
  wal_level: 'replica',
  max_wal_senders: '0',
  bgwriter_delay: '1s',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_checkpoints: 'off',
  log_line_prefix: '',
  lc_messages: 'C',
};

/** For tests: commits survive a crash of the server, but not of the machine. */
export const WITHOUT_FSYNC: Readonly<Record<string, string>> = { fsync: 'off', full_page_writes: 'off' };
