import { describe, expect, it } from '@jest/globals';
import { encodeSender } from '@ums/notifier/mail/encodeSender';
import { inboxSender } from './inboxSender.js';

const ADDRESS = '<no-reply@localhost.localdomain>';

describe('the sender of mails to the inbox', () => {
  it.each([undefined, '', '  '])('has a name also where APP_NAME is %j', (appName) => {
    expect(inboxSender(appName)).toBe(`User service ${ADDRESS}`);
  });

  it.each([
    ['Example Club', 'Example Club'],
    [' 365 ', '365'],
    ['Tea & Co', '"Tea & Co"'],
    ['Doe, Jane; "the" <best>', '"Doe, Jane; \\"the\\" <best>"'],
    ['a\\b', '"a\\\\b"'],
    ['=?UTF-8?B?QQ==?=', '"=?UTF-8?B?QQ==?="'],
    ['x@example.org', '"x@example.org"'],
  ])('is named as APP_NAME, with quotes where it has signs: %s', (appName, shown) => {
    expect(inboxSender(appName)).toBe(`${shown} ${ADDRESS}`);
    expect(encodeSender(inboxSender(appName))).toBe(`${shown} ${ADDRESS}`);
  });

  it.each(['Überall', 'Ü, "b" <c> \\ d', 'Клуб друзей', '微信'])('is encoded where it is not ASCII: %s', (appName) => {
    const [, encoded = '', end] =
      /^=\?UTF-8\?B\?([A-Za-z0-9+/=]+)\?=(.*)$/.exec(encodeSender(inboxSender(appName))) ?? [];
    expect([Buffer.from(encoded, 'base64').toString(), end]).toEqual([appName, ` ${ADDRESS}`]);
  });
});
