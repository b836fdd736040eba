import pg from 'pg';
import { isTlsCode, tlsFault } from '../transport/tlsFault.js';

/** The error's SQLSTATE or errno name, or `undefined`. */
export const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;

const sqlStateOf = (error: unknown): string | undefined =>
  error instanceof pg.DatabaseError && typeof error.code === 'string' ? error.code : undefined;

/** Connection failures, server starting or stopping, too many connections, statements cancelled by their time limit. */
const UNAVAILABLE_STATE = /^(08...|57P0[1-5]|57014|53300|25P0[34])$/;
const LOGIN_REJECTED_STATE = /^(28...|3D000)$/;
/**
 * No disk space, memory or other resources left; an error of the file system; a standby, which accepts no writes; a lock that was not
 * granted in time, or a deadlock.
 */
const CANNOT_WORK_STATE = /^(53...|58...|25006|55P03|40P01)$/;
/** Of connections that there were. Those to come fail in many more ways, see {@link isOfConnecting}. */
const UNAVAILABLE_ERRNO =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|ENETRESET|ECONNABORTED)$/;
/** pg reports these with neither a class nor a code. */
const UNAVAILABLE_TEXT =
  /^(Query read timeout|timeout (exceeded when trying to connect|expired)|Connection terminated( unexpectedly| due to connection timeout)?|Client (has encountered a connection error|was closed)|Cannot use a pool after|The server does not support SSL connections)/;

/**
 * Whether Postgres did not answer in time, or its certificate is refused: the outcome of the query is unknown and its connection
 * is unusable.
 */
export const isUnavailable = (error: unknown): boolean => {
  const state = sqlStateOf(error);
  if (state !== undefined) return UNAVAILABLE_STATE.test(state);
  const code = codeOf(error) ?? '';
  if (UNAVAILABLE_ERRNO.test(code) || isTlsCode(code) || isOfConnecting(error)) return true;
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  return error instanceof Error && UNAVAILABLE_TEXT.test(error.message);
};

/**
 * Whatever keeps a connection from being made, or a name from being resolved, says nothing about the statement: a network policy
 * answers EPERM, a process without free files EMFILE, a Unix socket whose server has ended ENOENT.
 */
const isOfConnecting = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'syscall' in error && CONNECTING.has(error.syscall);
const CONNECTING = new Set<unknown>(['connect', 'getaddrinfo']);

/** SQLSTATE class 08, and a server process that was ended: the connection had been established. */
const LOST_STATE = /^(08...|57P0[12])$/;
const LOST_ERRNO = /^(ECONNRESET|EPIPE|ECONNABORTED)$/;
const LOST_TEXT = /^(Connection terminated unexpectedly|Client has encountered a connection error)/;

/**
 * Whether an established connection broke: of the errors for which {@link isUnavailable} holds, those that say nothing about
 * other connections.
 */
export const isConnectionLost = (error: unknown): boolean => {
  const state = sqlStateOf(error);
  if (state !== undefined) return LOST_STATE.test(state);
  return LOST_ERRNO.test(codeOf(error) ?? '') || (error instanceof Error && LOST_TEXT.test(error.message));
};

/** Whether Postgres rejects our user, password or database. Retrying does not help; an operator must fix it. */
export const isLoginRejected = (error: unknown): boolean => LOGIN_REJECTED_STATE.test(sqlStateOf(error) ?? '');

const refusedConnections = new WeakSet<object>();

/**
 * Notes that an error kept a connection from being made: then it says nothing about a statement, whatever its code is. A database that
 * is closed for maintenance answers 55000 or 42501, some poolers XX000.
 *
 * @returns the error
 */
export const noteRefusedConnection = <E>(error: E): E => {
  if (typeof error === 'object' && error !== null) refusedConnections.add(error);
  return error;
};

/** Whether the state of Postgres made the statement fail, so that the error says nothing about the request that met it. */
export const isDown = (error: unknown): boolean =>
  isUnavailable(error) ||
  isLoginRejected(error) ||
  CANNOT_WORK_STATE.test(sqlStateOf(error) ?? '') ||
  (typeof error === 'object' && error !== null && refusedConnections.has(error));

/** Which limit or failure made Postgres unavailable: a code, or one of the driver's fixed texts. */
export const downReason = (error: unknown): string => {
  if (error instanceof AggregateError) return downReason(error.errors[0]);
  const text = error instanceof Error ? UNAVAILABLE_TEXT.exec(error.message)?.[0] : undefined;
  return codeOf(error) ?? text ?? 'unknown';
};

/** Why {@link isUnavailable} holds, for a sentence of an operator. Holds no part of the URL. */
export const unreachableReason = (error: unknown): string => {
  const message = error instanceof Error ? error.message : '';
  if (message.includes('does not support SSL connections')) return 'the server has no TLS';
  return tlsFault(message) ?? codeOf(error) ?? 'no answer';
};

/** Whether Postgres rejected the data: SQLSTATE class 22 (data exception) or 23 (integrity). Retrying does not help. */
export const isDataError = (error: unknown): boolean => /^2[23]/.test(sqlStateOf(error) ?? '');
