import { isOperatorError } from './startRefused.js';
import { tlsFault } from './transport/tlsFault.js';

export interface DescribedError {
  name: string;
  code?: string;
  /** Only of errors whose message was written for the operator. */
  message?: string;
  /** Why TLS was not established, in a fixed text. */
  tls?: string;
  /** Stack frames, without the message that precedes them in `stack`. */
  frames?: string[];
  cause?: DescribedError;
}

const NAME = /^[A-Za-z_$][\w.$]{0,63}$/;
const CODE = /^[A-Za-z0-9_-]{1,64}$/;
const FRAME = /^ {4}at [^\r\n]{1,300}$/;
const MAX_FRAMES = 20;
const MAX_CAUSES = 3;

const framesOf = ({ stack, message }: Error): string[] => {
  if (typeof stack !== 'string') return [];
  const end = message === '' ? -1 : stack.indexOf(message);
  const afterMessage = end === -1 ? stack : stack.slice(end + message.length);
  return afterMessage
    .split('\n')
    .filter((line) => FRAME.test(line))
    .slice(0, MAX_FRAMES)
    .map((line) => line.trim());
};

/**
 * What may be logged of an error: name, code, what is wrong with TLS and stack frames, and the same of its causes. Messages of
 * third-party code are left out: they may quote the offending value (SQL details, JSON text, addresses).
 */
export const describeError = (error: unknown, depth = 0): DescribedError => {
  if (!(error instanceof Error)) return { name: `thrown ${typeof error}` };
  const code =
    'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? `${error.code}` : '';
  const frames = framesOf(error);
  const tls = tlsFault(error.message);
  return {
    name: NAME.test(error.name) ? error.name : 'Error',
    ...(CODE.test(code) ? { code } : {}),
    ...(isOperatorError(error) ? { message: error.message } : {}),
    ...(tls === undefined ? {} : { tls }),
    ...(frames.length > 0 ? { frames } : {}),
    ...(error.cause !== undefined && depth < MAX_CAUSES ? { cause: describeError(error.cause, depth + 1) } : {}),
  };
};
