import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import express, { type Request } from 'express';
import { requestLocale } from './requestLocale.js';

const localeOf = (header: string | undefined) => {
  const request = Object.setPrototypeOf(new IncomingMessage(new Socket()), express().request) as Request;
  if (header !== undefined) request.headers['accept-language'] = header;
  return requestLocale(request);
};

describe('the language that a request asks for', () => {
  it.each([
    ['is German for a German range', 'de', 'de'],
    ['is compared without case', 'DE', 'de'],
    ['falls back to the language of a region', 'de-AT', 'de'],
    ['falls back from several subtags', 'de-Latn-DE-1996', 'de'],
    ['is the first one of a list that the service has', 'fr, de;q=0.5', 'de'],
    ['is the one with the highest quality', 'en;q=0.3, de;q=0.9', 'de'],
    ['is that of a region whose language alone has a lower quality', 'en-GB, de;q=0.9, en;q=0.8', 'en'],
    ['is that of a browser in Austria', 'de-AT,de;q=0.9,en-US;q=0.8,en;q=0.7', 'de'],
    ['is none that is refused', 'de;q=0', 'en'],
    ['is another one when a range of any language comes with a refusal', 'en;q=0, *', 'de'],
    ['is the default for any language', '*', 'en'],
    ['is one that is named before any language', 'fr, *, de;q=0.5', 'de'],
    ['is the default when the service has none of the list', 'fr, it;q=0.5', 'en'],
    ['is not that of a longer word', 'deu, den', 'en'],
    ['is the default without the header', undefined, 'en'],
    ['is the default for an empty header', '', 'en'],
    ['is the default for a malformed header', ';;q=,,=;', 'en'],
    ['skips a malformed quality', 'de;q=many, en', 'en'],
    ['is the default for a long word', 'x'.repeat(8_000), 'en'],
  ])('%s', (_, header, expected) => {
    expect(localeOf(header)).toBe(expected);
  });

  it.each([
    ['subtags', `x${'-a'.repeat(100_000)}`],
    ['ranges', Array.from({ length: 20_000 }, () => 'x-a').join()],
  ])('I-01 is found in linear time in a header of thousands of %s', (_, header) => {
    const startedAt = process.cpuUsage();
    expect(localeOf(`${header}, de`)).toBe('de');
    // Tens of milliseconds; cutting off one subtag after the other takes most of a minute. A busy machine may pause this process,
    // but that takes none of its processor time.
    expect(process.cpuUsage(startedAt).user / 1_000).toBeLessThan(2_000);
  });
});
