/**
 * Name of the row, beside that of a reader's checkpoint, for how far it is whole: up to this position, a read of the log has shown
 * that the reader lacks no event. It never passes the checkpoint.
 *
 * @param reader name of the checkpoint.
 */
export const wholeName = (reader: string): string => `${reader}_whole`;
