import { fork } from 'node:child_process';
import { extname, join } from 'node:path';
import { isPictureOutcome, type PictureOutcome } from './pictureOutcome.js';

/** What the parent sends to the process. */
export interface PictureRequest {
  bytes: Uint8Array;
}

/** What the process sends to its parent. */
export type PictureReply = { kind: 'ready' } | PictureOutcome;

/** Why a process gave no outcome. It has ended then. */
export interface ChildFailure {
  kind: 'failed';
  reason: 'time-limit' | 'memory-limit' | 'decoder-crashed';
}

/** A process that makes squares of pictures, one picture at a time. */
export interface PictureChild {
  /** Nothing when the process could not be created. */
  pid: number | undefined;
  /** Whether the process has started. If not, it has ended. */
  ready: Promise<boolean>;
  resize(bytes: Uint8Array, timeLimitMs: number): Promise<PictureOutcome | ChildFailure>;
  kill(): Promise<void>;
}

export interface ChildLimits {
  memoryLimitBytes: number;
  startLimitMs: number;
  /** Options of Node for the process. */
  execArgv: readonly string[];
}

const MAIN = join(import.meta.dirname, `main${extname(import.meta.url)}`);
/** Nothing of ours, which includes secrets. One arena keeps the heap of glibc from growing with each picture. */
const ENVIRONMENT = { MALLOC_ARENA_MAX: '1' };

/**
 * Starts the process. It ends when this one ends, also after kill -9.
 * @param onEnd called once when it has ended.
 */
export const startPictureChild = (limits: ChildLimits, onEnd: () => void): PictureChild => {
  const child = fork(MAIN, [String(limits.memoryLimitBytes)], {
    env: ENVIRONMENT,
    execArgv: [...limits.execArgv],
    serialization: 'advanced',
    // What libraries write about a picture may quote it.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  let hasEnded = false;
  let settle: ((reply: unknown) => void) | undefined;
  child.on('message', (message) => settle?.(message));
  const ended = new Promise<void>((resolve) => {
    const end = (_code?: number | null, signal?: NodeJS.Signals | null): void => {
      hasEnded = true;
      settle?.(signal === 'SIGKILL' ? 'killed' : 'ended');
      onEnd();
      resolve();
    };
    child.once('exit', end);
    // A process that could not be created has no exit. Every other error, such as that of a failed send, precedes one.
    child.on('error', () => child.pid === undefined && end());
  });

  /** The next message of the process, `killed`, `ended`, or `late`. */
  const nextReply = async (limitMs: number): Promise<unknown> => {
    if (hasEnded) return 'ended';
    let timer: NodeJS.Timeout | undefined;
    const reply = await new Promise<unknown>((resolve) => {
      settle = resolve;
      timer = setTimeout(() => resolve('late'), limitMs);
    });
    clearTimeout(timer);
    settle = undefined;
    return reply;
  };

  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };

  const becomeReady = async (): Promise<boolean> => {
    const isReady = kindOf(await nextReply(limits.startLimitMs)) === 'ready';
    if (!isReady) await kill();
    return isReady;
  };

  return {
    pid: child.pid,
    ready: becomeReady(),
    resize: async (bytes, timeLimitMs) => {
      const next = nextReply(timeLimitMs);
      child.send({ bytes } satisfies PictureRequest, () => undefined);
      const reply = await next;
      if (isPictureOutcome(reply)) return reply;
      await kill();
      return { kind: 'failed', reason: reasonOf(reply) };
    },
    kill,
  };
};

const kindOf = (reply: unknown): unknown => (reply as { kind?: unknown } | undefined)?.kind;

const reasonOf = (reply: unknown): ChildFailure['reason'] => {
  if (reply === 'late') return 'time-limit';
  // The process kills itself when it comes near its memory limit, and the kernel kills it when the machine has no memory left.
  return reply === 'killed' ? 'memory-limit' : 'decoder-crashed';
};
