import debug from 'debug';

/**
 * Stops the lines that libraries write to stderr where `DEBUG` names them, as `DEBUG=*` of a shell or a container does. Those
 * of Express have the URL of each request, and the one of a mailed link has its token.
 */
export const silenceDebug = (): void => void debug.disable();
