import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import type { Log } from '@ums/kit/log';
import { type ChildLimits, type PictureChild, startPictureChild } from './pictureChild.js';

export interface ReusedChild {
  /**
   * The process that runs, or a new one.
   * @throws DependencyUnavailable when it does not start.
   */
  get(): Promise<PictureChild>;
  /** Says that the process has nothing to do. It is ended unless `get` is called in time. */
  rest(): void;
  end(): Promise<void>;
}

export interface ReuseOptions extends ChildLimits {
  log: Log;
  /** How long a process that has nothing to do is kept. */
  idleMs: number;
}

/** Keeps a process for the next picture, because a start takes longer than most pictures do. */
export const reusedChild = ({ log, idleMs, ...limits }: ReuseOptions): ReusedChild => {
  let running: PictureChild | undefined;
  let idle: NodeJS.Timeout | undefined;

  const start = async (): Promise<PictureChild> => {
    const child = startPictureChild(limits, () => {
      if (running === child) running = undefined;
    });
    running = child;
    if (!(await child.ready)) {
      log.error('picture process did not start');
      throw new DependencyUnavailable('picture processing');
    }
    log.info('picture process started', pidOf(child));
    return child;
  };

  const end = async (): Promise<void> => {
    clearTimeout(idle);
    const child = running;
    running = undefined;
    await child?.kill();
  };

  return {
    get: async () => {
      clearTimeout(idle);
      return running ?? start();
    },
    rest: () => {
      idle = setTimeout(() => void end(), idleMs).unref();
    },
    end,
  };
};

/** The field of a log line that names a process. */
export const pidOf = ({ pid }: PictureChild): { pid?: number } => (pid === undefined ? {} : { pid });
