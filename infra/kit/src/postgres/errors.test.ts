import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { codeOf, downReason, isConnectionLost, isDataError, isDown, isLoginRejected, isUnavailable } from './errors.js';

const sqlError = (code: string) => Object.assign(new pg.DatabaseError('refused', 7, 'error'), { code });
const systemError = (code: string) => Object.assign(new Error('failed'), { code });

describe('errors of Postgres', () => {
  it('F-16 counts a server that is down, stopping, full or too slow as unavailable, but not a refused statement', () => {
    for (const code of ['08006', '57P01', '57P02', '57P03', '57P05', '57014', '53300', '25P03'])
      expect([code, isUnavailable(sqlError(code))]).toEqual([code, true]);
    for (const code of ['23505', '22P02', '40001', '42P01', '55P03'])
      expect([code, isUnavailable(sqlError(code))]).toEqual([code, false]);
    for (const code of ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'])
      expect(isUnavailable(systemError(code))).toBe(true);
    expect(isUnavailable(new AggregateError([systemError('ECONNREFUSED')]))).toBe(true);
    // ENOENT: the socket of a server that has ended; any other missing file is a fault of ours.
    for (const code of ['ENOENT', 'EPERM', 'EACCES', 'EADDRNOTAVAIL', 'EMFILE', 'ENOBUFS']) {
      expect([code, isUnavailable(Object.assign(systemError(code), { syscall: 'connect' }))]).toEqual([code, true]);
      expect([code, isUnavailable(Object.assign(systemError(code), { syscall: 'open' }))]).toEqual([code, false]);
    }
    for (const code of ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL'])
      expect(isUnavailable(Object.assign(systemError(code), { syscall: 'getaddrinfo' }))).toBe(true);
    for (const text of [
      'Query read timeout',
      'timeout exceeded when trying to connect',
      'Connection terminated unexpectedly',
    ])
      expect(isUnavailable(new Error(text))).toBe(true);
    for (const other of [
      new Error('unexpected'),
      new TypeError('x'),
      'timeout expired',
      undefined,
      systemError('ENOENT'),
    ])
      expect(isUnavailable(other)).toBe(false);
  });

  it('gives the reason of an outage without text from outside', () => {
    const timedOut = new Error('Query read timeout');
    expect([sqlError('57014'), new AggregateError([systemError('ECONNREFUSED')]), timedOut].map(downReason)).toEqual([
      '57014',
      'ECONNREFUSED',
      'Query read timeout',
    ]);
    expect(downReason(new Error('ada@example.org'))).toBe('unknown');
    expect(downReason(undefined)).toBe('unknown');
  });

  it('F-16 tells a connection that broke from a server that is down or does not answer', () => {
    const broken = [sqlError('08006'), sqlError('57P01'), systemError('ECONNRESET'), systemError('EPIPE')];
    const down = [sqlError('57P03'), sqlError('57014'), systemError('ECONNREFUSED'), systemError('ETIMEDOUT')];
    const texts = ['Connection terminated unexpectedly', 'Connection terminated due to connection timeout'];
    for (const error of broken) expect([isConnectionLost(error), isUnavailable(error)]).toEqual([true, true]);
    for (const error of down) expect([isConnectionLost(error), isUnavailable(error)]).toEqual([false, true]);
    expect(texts.map((text) => isConnectionLost(new Error(text)))).toEqual([true, false]);
    expect([isConnectionLost(sqlError('23505')), isConnectionLost(undefined)]).toEqual([false, false]);
  });

  it('F-16 counts a refused login as down, but not as an outage that ends by itself', () => {
    for (const code of ['28000', '28P01', '3D000'])
      expect([isDown(sqlError(code)), isLoginRejected(sqlError(code)), isUnavailable(sqlError(code))]).toEqual([
        true,
        true,
        false,
      ]);
    expect([isDown(sqlError('57P01')), isLoginRejected(sqlError('57P01'))]).toEqual([true, false]);
    expect(isDown(sqlError('42P01'))).toBe(false);
  });

  it('F-16 counts a full disk, missing resources, a standby and locks as down, with a connection that still works', () => {
    for (const code of ['53100', '53200', '53400', '58030', '25006', '55P03', '40P01'])
      expect([code, isDown(sqlError(code)), isUnavailable(sqlError(code))]).toEqual([code, true, false]);
    expect(downReason(sqlError('53100'))).toBe('53100');
  });

  it('recognizes errors of the data by their SQLSTATE class', () => {
    expect(['22P02', '23505', '23503', '40001'].map((code) => isDataError(sqlError(code)))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(isDataError(systemError('22P02'))).toBe(false);
    expect(codeOf(null)).toBeUndefined();
  });
});
