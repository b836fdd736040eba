import { expect, it } from '@jest/globals';
import { DependencyUnavailable } from '../dependencyUnavailable.js';
import { LogUnavailable, NO_STREAM, StreamDeleted, WrongRevision } from './eventLog.js';
import { isNotAppended } from './isNotAppended.js';

it.each([
  [true, new WrongRevision('user-1', NO_STREAM, 0n)],
  [true, new StreamDeleted('user-1')],
  [true, new DependencyUnavailable('event log', undefined, false)],
  [false, new DependencyUnavailable('event log')],
  [false, new LogUnavailable()],
  [false, new TypeError('the event log acknowledged an append without its position')],
])('F-02 says %s of an append that failed with %p', (expected, error) => {
  expect(isNotAppended(error)).toBe(expected);
});
