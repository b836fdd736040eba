import { startVersitygw } from '../src/versitygw/startVersitygw.js';

/** Starts versitygw on the folder given, prints its pid, and runs until it is killed. */
const { pid } = await startVersitygw({ dataDir: process.argv[2] as string });
process.stdout.write(`${pid}\n`);
