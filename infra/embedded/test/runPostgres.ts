import { startPostgres } from '../src/postgres/startPostgres.js';

/** Script: starts Postgres on the folder given, prints its pid and URL as JSON, and closes it on SIGTERM. */
const [dataDir = ''] = process.argv.slice(2);
const engine = await startPostgres({ dataDir, fsync: false });
process.stdout.write(`${JSON.stringify({ pid: engine.pid, url: engine.url('postgres') })}\n`);
process.once('SIGTERM', () => void engine.close().then(() => process.exit(0)));
