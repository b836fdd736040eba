import type { AuditedRead } from '@ums/identity/access/appendRead';
import { sendChunks } from '@ums/kit/http/sendChunks';
import type { Response } from 'express';
import type { ExportDeps } from './exportDeps.js';
import { exportEntries } from './exportEntries.js';
import type { ExportedUser } from './exportedUser.js';
import { whilePermitted } from './whilePermitted.js';
import { zipChunks } from './zipChunks.js';

export interface Export {
  user: ExportedUser;
  /** Of which the turns of a day are counted. */
  route: string;
  /** What is put on record before anything is sent. */
  read: Omit<AuditedRead, 'asked' | 'userId'>;
  /** Confirms on the way that the export is still permitted. @throws Refused */
  confirm(): Promise<unknown>;
}

/**
 * Sends the archive, as one of few at a time. Takes the turn of the day and puts the read on record first. Resolves once
 * everything is sent, or the client has left.
 *
 * @throws Refused `busy`, `too-many-attempts`, LogUnavailable, and errors of the vault, before anything is sent. What it throws
 * later must end the connection: the archive is incomplete.
 */
export const sendExport = async (deps: ExportDeps, response: Response, exported: Export): Promise<void> => {
  const release = deps.exportSlots.take();
  try {
    await begin(deps, exported);
    response.status(200).set({
      'Content-Type': 'application/zip',
      'Content-Disposition': 'attachment; filename="export.zip"',
      'Cache-Control': 'no-store',
    });
    response.flushHeaders();
    const at = deps.clock.now();
    const chunks = zipChunks(exportEntries(deps, exported.user, at), at);
    await sendChunks(response, whilePermitted(chunks, exported.confirm));
  } finally {
    release();
  }
};

/** A turn whose read cannot be recorded is given back. */
const begin = async (
  { exportTurns, recordRead, log }: ExportDeps,
  { user: { userId }, route, read }: Export,
): Promise<void> => {
  const giveBack = await exportTurns.take(route, userId);
  try {
    await recordRead({ ...read, userId, asked: 'export' });
  } catch (error) {
    await giveBack().catch((failure: unknown) => log.warn('a turn was not given back', { error: failure }));
    throw error;
  }
};
