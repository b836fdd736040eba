import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createLog, type Log, silentLog } from './log.js';
import type { LogFields } from './logFields.js';
import { StartRefused } from './startRefused.js';

const CANARY = 'canary-9d2e17';

const recording = (): { log: Log; lines: string[]; last: () => Record<string, unknown> } => {
  const lines: string[] = [];
  const log = createLog({ service: 'test', destination: { write: (line) => void lines.push(line) } });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '') };
};

describe('createLog', () => {
  it('writes one JSON line with level, UTC time, service, message and fields', () => {
    const { log, last } = recording();
    log
      .child({ requestId: 'r1' })
      .warn('mail delayed', { template: 'confirm', position: 12345678901234567890n, attempt: 2 });
    expect(last()).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/),
      service: 'test',
      requestId: 'r1',
      template: 'confirm',
      position: '12345678901234567890',
      attempt: 2,
      msg: 'mail delayed',
    });
  });

  it('L-02 drops fields that are not allow-listed, even when a cast hides them from the types', () => {
    const { log, lines } = recording();
    const fields = { password: CANARY, email: CANARY, token: CANARY, body: { a: CANARY }, userId: { deep: CANARY } };
    log.info('logged', fields as unknown as LogFields);
    log.child(fields as unknown as LogFields).error('logged', { reason: 'kept' });
    expect(lines).toHaveLength(2);
    expect(lines.join('')).not.toContain(CANARY);
    expect(lines.join('')).toContain('kept');
  });

  it('L-02 logs the name, code and stack frames of an error, never its message', () => {
    const { log, lines, last } = recording();
    const cause = Object.assign(new RangeError(`${CANARY}\n    at ${CANARY} (file.ts:1:1)`), {
      code: '23505',
      detail: CANARY,
    });
    log.error('failed', { error: new Error(`no user ${CANARY}`, { cause }) });
    expect(lines.join('')).not.toContain(CANARY);
    expect(last().error).toMatchObject({
      name: 'Error',
      frames: expect.arrayContaining([expect.stringContaining('log.test.ts')]),
      cause: { name: 'RangeError', code: '23505' },
    });
  });

  it('L-02 drops an error name or code that is not an identifier', () => {
    const { log, last } = recording();
    const odd = Object.assign(new Error('x'), { name: `${CANARY} ${CANARY}`, code: `${CANARY}\n`, stack: undefined });
    log.error('failed', { error: odd });
    expect(last().error).toEqual({ name: 'Error' });
    log.error('failed', { error: CANARY });
    expect(last().error).toEqual({ name: 'thrown string' });
  });

  it('logs the message of an error written for the operator', () => {
    const { log, last } = recording();
    log.error('start failed', { error: new StartRefused('Port 80 is taken.') });
    expect(last().error).toMatchObject({ name: 'StartRefused', message: 'Port 80 is taken.' });
  });

  it('L-02 says what is wrong with TLS, but not with which host', () => {
    const { log, last } = recording();
    const cause = new Error(`Hostname/IP does not match certificate's altnames: ${CANARY}`);
    log.error('failed', { error: new Error('unavailable', { cause }) });
    expect(last().error).toMatchObject({ cause: { tls: "does not match certificate's altnames" } });
    expect(JSON.stringify(last())).not.toContain(CANARY);
  });

  it('cuts the chain of causes after three, even when it is circular', () => {
    const { log, last } = recording();
    const error = new Error('x');
    error.cause = error;
    log.error('failed', { error });
    expect(JSON.stringify(last().error).match(/"cause"/g)).toHaveLength(3);
  });

  it('L-02 lets no text add a line or control a terminal', () => {
    const { log, lines } = recording();
    const text = fc.string({ unit: 'binary', maxLength: 50 });
    const forged = fc.tuple(
      text,
      fc.constantFrom('\r\n', '\n', '\u001b[2J', '\u009b31m', '\u2028', '"}\n{"level":"error"'),
      text,
    );
    fc.assert(
      fc.property(
        forged.map((parts) => parts.join('')),
        (value) => {
          lines.length = 0;
          log.info(value, { reason: value });
          expect(lines).toHaveLength(1);
          const [line = ''] = lines;
          expect(line.indexOf('\n')).toBe(line.length - 1);
          expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
          expect(JSON.parse(line)).toMatchObject({ level: 'info', service: 'test' });
        },
      ),
    );
  });

  it('truncates long text', () => {
    const { log, last } = recording();
    log.info('m'.repeat(10_000), { reason: 'r'.repeat(10_000) });
    expect(`${last().msg}`).toHaveLength(500);
    expect(`${last().reason}`).toHaveLength(500);
  });

  it('writes nothing at level silent', () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    createLog({ service: 'test', level: 'silent', destination }).error('nothing');
    silentLog.child({}).error('nothing');
    expect(lines).toEqual([]);
  });
});
