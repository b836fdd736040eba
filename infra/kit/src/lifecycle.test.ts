import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Close } from './closers.js';
import { type ProcessHost, run } from './lifecycle.js';
import { createLog, type Log } from './log.js';
import { StartRefused } from './startRefused.js';
import { StdoutClosed } from './stdoutFailure.js';

const CANARY = 'canary-5b81aa';

let host: EventEmitter & ProcessHost;
let exited: Promise<number>;
let codes: number[];
let written: string[];
let lines: string[];
let terminalLeft: boolean;
let log: Log;

beforeEach(() => {
  codes = [];
  written = [];
  lines = [];
  terminalLeft = false;
  log = createLog({ service: 'test', destination: { write: (line) => void lines.push(line) } });
  exited = new Promise((resolve) => {
    host = Object.assign(new EventEmitter(), {
      exit: (code: number) => {
        codes.push(code);
        resolve(code);
      },
      stderr: { write: (text: string) => written.push(text) },
      onStdoutFailure: (listener: (error: Error) => void) => void host.on('stdout failure', listener),
      leaveTerminal: () => {
        terminalLeft = codes.length === 0;
      },
    });
  });
});

afterEach(() => {
  jest.useRealTimers();
});

const start = (body: (onClose: (close: Close) => void) => Promise<void> | void, deadlineMs = 10_000) =>
  run(async (onClose) => body(onClose), { log, host, deadlineMs });

describe('run', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP'])(
    'F-32 closes in reverse order on %s and exits with code 0',
    async (signal) => {
      const closed: string[] = [];
      await start((onClose) => {
        onClose(() => void closed.push('pool'));
        onClose(() => void closed.push('server'));
      });
      host.emit(signal, signal);
      expect(await exited).toBe(0);
      expect(closed).toEqual(['server', 'pool']);
    },
  );

  it('F-32 exits at once on a second signal', async () => {
    jest.useFakeTimers();
    await start((onClose) => onClose(() => new Promise(() => undefined)));
    host.emit('SIGTERM', 'SIGTERM');
    expect(codes).toEqual([]);
    host.emit('SIGINT', 'SIGINT');
    expect(await exited).toBe(1);
  });

  it('F-32 counts a signal that npm forwards within 500 ms as the same signal, and a later one as a second', async () => {
    jest.useFakeTimers();
    await start((onClose) => onClose(() => new Promise(() => undefined)));
    host.emit('SIGINT', 'SIGINT');
    host.emit('SIGINT', 'SIGINT');
    expect(codes).toEqual([]);
    jest.advanceTimersByTime(500);
    host.emit('SIGINT', 'SIGINT');
    expect(codes).toEqual([1]);
  });

  it('F-32 does not count further SIGHUPs as a second signal', async () => {
    jest.useFakeTimers();
    let finish = (): void => undefined;
    await start((onClose) => onClose(() => new Promise<void>((resolve) => (finish = resolve))));
    host.emit('SIGHUP', 'SIGHUP');
    jest.advanceTimersByTime(5_000);
    host.emit('SIGHUP', 'SIGHUP');
    expect(codes).toEqual([]);
    finish();
    expect(await exited).toBe(0);
    expect(terminalLeft).toBe(true);
  });

  it('F-32 exits at the deadline when closing does not finish', async () => {
    jest.useFakeTimers();
    await start((onClose) => onClose(() => new Promise(() => undefined)));
    host.emit('SIGTERM', 'SIGTERM');
    await jest.advanceTimersByTimeAsync(9_999);
    expect(codes).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(codes).toEqual([1]);
    expect(lines.join('')).toContain('closing took too long');
  });

  it('F-32 exits with code 1 when closing fails', async () => {
    await start((onClose) => onClose(() => Promise.reject(new Error(CANARY))));
    host.emit('SIGTERM', 'SIGTERM');
    expect(await exited).toBe(1);
    expect(lines.join('')).toContain('closing failed');
  });

  it.each(['unhandledRejection', 'uncaughtException'])(
    'F-36 logs an %s, closes and exits with code 1',
    async (event) => {
      const closed: string[] = [];
      await start((onClose) => onClose(() => void closed.push('pool')));
      host.emit(event, new Error(CANARY));
      expect(await exited).toBe(1);
      expect(closed).toEqual(['pool']);
      expect(lines.filter((line) => line.includes('fatal error'))).toHaveLength(1);
      expect(lines.join('')).not.toContain(CANARY);
    },
  );

  it('F-36 writes the message of a fatal operator error last, after everything is closed', async () => {
    await start((onClose) => onClose(() => void written.push('closed')));
    host.emit('uncaughtException', new StartRefused('Postgres ended unexpectedly (signal SIGKILL).'));
    host.emit('unhandledRejection', new StartRefused('a later error'));
    expect(await exited).toBe(1);
    expect(written).toEqual(['closed', 'Postgres ended unexpectedly (signal SIGKILL).\n']);
    expect(lines.filter((line) => line.includes('fatal error'))).toHaveLength(2);
  });

  it('F-36 closes and exits with code 1 when nobody reads stdout, and says so on stderr', async () => {
    await start((onClose) => onClose(() => void written.push('closed')));
    for (let time = 1; time <= 2; time++) host.emit('stdout failure', new StdoutClosed());
    expect(await exited).toBe(1);
    expect(written).toEqual(['closed', expect.stringMatching(/^The service stops, because nobody reads .*\.\n$/)]);
  });

  it('F-36 closes once when a second fatal error follows the first', async () => {
    const closed: string[] = [];
    await start((onClose) => onClose(() => void closed.push('pool')));
    host.emit('uncaughtException', new Error('first'));
    host.emit('unhandledRejection', new Error('second'));
    await exited;
    expect([closed, codes]).toEqual([['pool'], [1]]);
  });

  it('prints only the message of a StartRefused, closes what is open and exits with code 1', async () => {
    const closed: string[] = [];
    await start((onClose) => {
      onClose(() => void closed.push('pool'));
      throw new StartRefused('Port 8080 is taken by another program.');
    });
    expect(await exited).toBe(1);
    expect(written).toEqual(['Port 8080 is taken by another program.\n']);
    expect(closed).toEqual(['pool']);
    expect(lines).toEqual([]);
  });

  it('logs any other failure of the start, without its message', async () => {
    await start(() => Promise.reject(new Error(CANARY)));
    expect(await exited).toBe(1);
    expect(lines.join('')).toContain('start failed');
    expect([...lines, ...written].join('')).not.toContain(CANARY);
  });

  it('stops an unfinished start and closes what it opens afterwards', async () => {
    const closed: string[] = [];
    let open = (): void => undefined;
    const waiting = new Promise<void>((resolve) => {
      open = resolve;
    });
    const started = start(async (onClose) => {
      onClose(() => void closed.push('first'));
      await waiting;
      onClose(() => void closed.push('late'));
      throw new Error('connection closed during start');
    });
    host.emit('SIGTERM', 'SIGTERM');
    expect(await exited).toBe(0);
    open();
    await started;
    expect(closed).toEqual(['first', 'late']);
    expect(lines.join('')).not.toContain('start failed');
  });
});
