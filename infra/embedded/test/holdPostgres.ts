import { startPostgres } from '../src/postgres/startPostgres.js';

/** A process of its own that starts the server on the folder given and holds it until it is ended. Prints pid and URL. */
const [dataDir = ''] = process.argv.slice(2);
const engine = await startPostgres({ dataDir, fsync: false });
process.stdout.write(`${JSON.stringify({ pid: engine.pid, url: engine.url('postgres') })}\n`);
process.once('SIGTERM', () => void engine.close().then(() => process.exit(0)));
