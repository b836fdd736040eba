import type { AuditedRead } from '@ums/identity/access/appendRead';
import { closeWhenLost } from '@ums/kit/http/connection/closeWhenLost';
import { sendChunks } from '@ums/kit/http/connection/sendChunks';
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
 * everything is sent, the client has left, or another reader has taken the slot over: then the turn is given back, because the
 * reader is not to blame.
 *
 * @throws Refused `busy`, `too-many-attempts`, LogUnavailable, and errors of the vault, before anything is sent. What it throws
 * later must end the connection: the archive is incomplete.
 */
export const sendExport = async (deps: ExportDeps, response: Response, exported: Export): Promise<void> => {
  const slot = deps.exportSlots.take(exported.read.reader.userId);
  try {
    const giveBack = await begin(deps, exported);
    try {
      await send(deps, response, exported, slot.lost);
    } finally {
      if (slot.lost.aborted) await giveBack();
    }
  } finally {
    slot.free();
  }
};

const send = async (deps: ExportDeps, response: Response, exported: Export, lost: AbortSignal): Promise<void> => {
  closeWhenLost(response, lost);
  response.status(200).set({
    'Content-Type': 'application/zip',
    'Content-Disposition': 'attachment; filename="export.zip"',
    'Cache-Control': 'no-store',
  });
  response.flushHeaders();
  const at = deps.clock.now();
  const chunks = zipChunks(exportEntries(deps, exported.user, at), at);
  await sendChunks(response, whilePermitted(chunks, exported.confirm));
};

/** @returns what gives the turn back. A turn whose read cannot be recorded is given back at once. */
const begin = async (
  { exportTurns, recordRead, log }: ExportDeps,
  { user: { userId }, route, read }: Export,
): Promise<() => Promise<void>> => {
  const undo = await exportTurns.take(route, userId);
  const giveBack = () => undo().catch((failure: unknown) => log.warn('a turn was not given back', { error: failure }));
  try {
    await recordRead({ ...read, userId, asked: 'export' });
    return giveBack;
  } catch (error) {
    await giveBack();
    throw error;
  }
};
