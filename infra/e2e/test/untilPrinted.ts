import { setTimeout as sleep } from 'node:timers/promises';
import type { SpawnedProgram } from './spawnProgram.js';

/**
 * A start makes a cluster of Postgres, or first ends the server that a killed service has left running, which may take many
 * seconds on a busy machine.
 */
const TIMEOUT_MS = 240_000;
const POLL_MS = 20;

/**
 * Waits until a program has printed what matches a pattern.
 *
 * @returns the match
 * @throws Error with the error output of a program that ends before; Error after four minutes, and the program is ended then
 */
export const untilPrinted = async (program: SpawnedProgram, pattern: RegExp): Promise<RegExpExecArray> => {
  const deadline = performance.now() + TIMEOUT_MS;
  for (;;) {
    const hasEnded = await Promise.race([program.ended.then(() => true), sleep(POLL_MS, false)]);
    const { out, err } = program.output();
    const found = pattern.exec(out);
    if (hasEnded) throw new Error(`the program has ended: ${err}`);
    if (found !== null) return found;
    if (performance.now() < deadline) continue;
    await program.end('SIGTERM');
    throw new Error(`the program did not print ${pattern} within ${TIMEOUT_MS} ms: ${out}${err}`);
  }
};
