import { expect, it } from '@jest/globals';
import pg from 'pg';
import { restartReason } from './restartReason.js';

it('L-03 the reason of a restart is one of a few, whatever the error is called', () => {
  expect(restartReason('RevisionGap')).toBe('RevisionGap');
  expect(restartReason('KafkaJSConnectionError')).toBe('KafkaJSError');
  expect(restartReason(new pg.DatabaseError('', 0, 'error').name)).toBe('DatabaseError');
  expect(restartReason('canary')).toBe('other');
});
