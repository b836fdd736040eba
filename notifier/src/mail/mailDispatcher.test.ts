import { describe, expect, it } from '@jest/globals';
import type { MailDefinition, MailDeps } from './mailDefinition.js';
import { mailDispatcher } from './mailDispatcher.js';

const noWords = () => ({ subject: 'Subject', body: [] });
const mailOf = (fact: MailDefinition['fact']): MailDefinition => ({
  ...{ fact, template: 'test', words: { en: noWords, de: noWords } },
  compose: async () => ({ skip: 'ended' }),
});
const deps = {} as MailDeps;

describe('the list of mails', () => {
  it('gives the event types that the consumer follows', () => {
    expect(mailDispatcher([mailOf('UserErased'), mailOf('UserRenamed')], deps).types).toEqual([
      'UserErased',
      'UserRenamed',
    ]);
  });

  it('is refused when two mails have the same fact', () => {
    expect(() => mailDispatcher([mailOf('UserErased'), mailOf('UserErased')], deps)).toThrow(
      'two mails have the same fact: UserErased',
    );
  });
});
