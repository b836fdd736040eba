import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalAddress } from './address.js';

const LONGEST_DOMAIN = `${'d'.repeat(63)}.${'d'.repeat(63)}.${'d'.repeat(57)}`;

describe('canonicalAddress', () => {
  it.each([
    ['ada@example.org', 'ada@example.org'],
    ['Ada.Lovelace+Tag@EXAMPLE.Org', 'ada.lovelace+tag@example.org'],
    ["o'hara_{x}|~-!#$%&*/=?^`@example.org", "o'hara_{x}|~-!#$%&*/=?^`@example.org"],
    [' \t\u00A0\uFEFFada@example.org\u200B\r\n', 'ada@example.org'],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['ada@BÜCHER.example', 'ada@xn--bcher-kva.example'],
    ['ada@STRAẞE.example', 'ada@xn--strae-oqa.example'],
    ['ada@straße.example', 'ada@xn--strae-oqa.example'],
    ['ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example'],
    ['ada@例え.テスト', 'ada@xn--r8jz45g.xn--zckzah'],
    ['ada@ＥＸＡＭＰＬＥ.org', 'ada@example.org'],
    ['ada@\u212Aim.example', 'ada@kim.example'],
    [`${'a'.repeat(64)}@${LONGEST_DOMAIN}`, `${'a'.repeat(64)}@${LONGEST_DOMAIN}`],
  ])('E-08 takes %s', (written, canonical) => {
    expect(canonicalAddress(written)).toBe(canonical);
  });

  it.each([
    ['dotless i', 'm\u0131ke@example.org'],
    ['long s', 'ro\u017Fe@example.org'],
    ['Kelvin sign', '\u212Aim@example.org'],
    ['full-width letter', '\uFF41da@example.org'],
    ['quoted local part', '"ada"@example.org'],
    ['quoted local part with another address in it', '"ada@evil.example x"@example.org'],
    ['two addresses', 'ada@example.org,eve@evil.example'],
    ['name and brackets', 'Ada <ada@example.org>'],
    ['comment', 'ada(comment)@example.org'],
    ['header after CR LF', 'ada@example.org\r\nBcc: eve@evil.example'],
    ['line feed in the local part', 'a\nda@example.org'],
    ['tab in the domain', 'ada@exam\tple.org'],
    ['NUL', 'ada@example.org\0'],
    ['blank inside', 'ada lovelace@example.org'],
    ['blank before the at', 'ada @example.org'],
    ['no-break space before the at', 'ada\u00A0@example.org'],
    ['zero-width space inside', 'ad\u200Ba@example.org'],
    ['zero-width joiner in the domain', 'ada@exam\u200Dple.org'],
    ['soft hyphen in the domain', 'ada@exam\u00ADple.org'],
    ['encoded-word', '=?utf-8?q?ada?=@example.org'],
    ['encoded-word inside the local part', 'a=?utf-8?b?YWRh?=b@example.org'],
    ['no local part', '@example.org'],
    ['no domain', 'ada@'],
    ['no at', 'ada.example.org'],
    ['two ats', 'ada@eve@example.org'],
    ['leading dot', '.ada@example.org'],
    ['trailing dot', 'ada.@example.org'],
    ['two dots', 'ada..l@example.org'],
    ['local part of 65', `${'a'.repeat(65)}@example.org`],
    ['more than 254 bytes', `${'a'.repeat(64)}@d${LONGEST_DOMAIN}`],
    ['domain of one label', 'ada@localhost'],
    ['trailing dot of the domain', 'ada@example.org.'],
    ['address literal', 'ada@[127.0.0.1]'],
    ['IPv4 address', 'ada@127.0.0.1'],
    ['IPv4 address in one number', 'ada@0x7f000001'],
    ['path', 'ada@example.org/path'],
    ['port', 'ada@example.org:25'],
    ['per cent', 'ada@exam%70le.org'],
    ['hyphen at an end', 'ada@-example.org'],
    ['underscore in the domain', 'ada@ex_ample.org'],
    ['label of 64', `ada@${'d'.repeat(64)}.org`],
    ['nothing', ''],
  ])('E-08 refuses a %s', (_, written) => {
    expect(canonicalAddress(written)).toBeUndefined();
  });

  it('E-08 is idempotent: the same form is stored, looked up and mailed', () => {
    const character = fc.constantFrom(...'aZ09.+-_@ıſK é"\n\u212A');
    fc.assert(
      fc.property(fc.string({ unit: character, maxLength: 20 }), fc.domain(), (local, domain) => {
        const canonical = canonicalAddress(`${local}@${domain}`);
        if (canonical === undefined) return;
        expect(canonical).toMatch(/^[\x21-\x7e]+$/);
        expect(canonicalAddress(canonical)).toBe(canonical);
      }),
    );
  });
});
