import { freePorts, isFree } from '@ums/engines/ports';
import { hostAdvice } from '@ums/kit/http/hostAdvice';
import { codeOf } from '@ums/kit/postgres/errors';
import { EngineFailed } from './engineFailed.js';

/**
 * Checks that this process can listen on a TCP port. Another program may still take the port afterwards.
 * @param port 0: one is chosen that no outgoing connection takes.
 * @returns the port.
 * @throws EngineFailed when the port is taken or not permitted.
 */
export const freePort = async (port: number, host = '127.0.0.1'): Promise<number> => {
  try {
    if (port === 0) return (await freePorts(1, host))[0] as number;
    if (!(await isFree(port, host))) throw new EngineFailed(`Port ${port} of ${host} is taken by another program.`);
    return port;
  } catch (error) {
    if (error instanceof EngineFailed) throw error;
    const reason = codeOf(error) ?? 'unknown error';
    throw new EngineFailed(`Port ${port} of ${host} cannot be used (${reason}).${hostAdvice(reason)}`, {
      cause: error,
    });
  }
};
