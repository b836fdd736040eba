import { StartRefused } from '@ums/kit/startRefused';

/**
 * The error of a start on two backups. A projector that did not become ready has most likely parked too many people whose keys are in
 * neither backup, which is no fault of the backups: the sentence says so.
 */
export const withLostPeople = (error: unknown): unknown =>
  error instanceof StartRefused && error.message.includes('projector.projection')
    ? new StartRefused(
        `${error.message} If more than ten people registered between the backups, the projector stops at them: see "Who is lost" in docs/backup-and-restore.md.`,
        { cause: error },
      )
    : error;
