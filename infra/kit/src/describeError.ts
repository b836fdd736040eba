import { isPrintable } from './startRefused.js';

export interface DescribedError {
  name: string;
  code?: string;
  /** Only where the message was written for an operator. */
  message?: string;
  /** Where it was thrown, without the message that starts a stack. */
  frames?: string[];
  cause?: DescribedError;
}

const NAME = /^[A-Za-z_$][\w.$]{0,63}$/;
const CODE = /^[A-Za-z0-9_-]{1,64}$/;
const FRAME = /^ {4}at [^\r\n]{1,300}$/;
const MOST_FRAMES = 20;
const MOST_CAUSES = 3;

const framesOf = ({ stack, message }: Error): string[] => {
  if (typeof stack !== 'string') return [];
  const end = message === '' ? -1 : stack.indexOf(message);
  const afterMessage = end === -1 ? stack : stack.slice(end + message.length);
  return afterMessage
    .split('\n')
    .filter((line) => FRAME.test(line))
    .slice(0, MOST_FRAMES)
    .map((line) => line.trim());
};

/**
 * What a log may say of an error: name, code, frames and the same of its causes. Messages of other people's code may
 * carry the values they complain about (SQL details, JSON text, addresses), so they stay out.
 */
export const describeError = (error: unknown, depth = 0): DescribedError => {
  if (!(error instanceof Error)) return { name: `thrown ${typeof error}` };
  const code =
    'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? `${error.code}` : '';
  const frames = framesOf(error);
  return {
    name: NAME.test(error.name) ? error.name : 'Error',
    ...(CODE.test(code) ? { code } : {}),
    ...(isPrintable(error) ? { message: error.message } : {}),
    ...(frames.length > 0 ? { frames } : {}),
    ...(error.cause !== undefined && depth < MOST_CAUSES ? { cause: describeError(error.cause, depth + 1) } : {}),
  };
};
