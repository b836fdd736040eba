/** For what follows a call of the log that hung: the two seconds of that call and this time fit into 2.5 s (F-03). */
export const AFTER_LOG_TIMEOUT_MS = 400;
