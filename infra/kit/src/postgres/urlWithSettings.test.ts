import { describe, expect, it } from '@jest/globals';
import { urlWithSettings } from './urlWithSettings.js';

const optionsOf = (url: string) => new URL(url).searchParams.get('options') ?? '';

describe('urlWithSettings', () => {
  it('keeps the options of the URL, and sets its own after them', () => {
    const own = `-c search_path=elsewhere -c datestyle=German`;
    const url = `postgresql://user@host/database?options=${encodeURIComponent(own)}`;
    const options = optionsOf(urlWithSettings(url, ['jit=off']));
    const [before, after] = options.split(own);
    expect(before).toBe('-c search_path="$user",public ');
    expect(after).toMatch(/^ -c datestyle=ISO .*-c jit=off$/);
  });

  it('keeps the last of repeated options, as pg does, and all else of the URL', () => {
    const url = 'postgres://us%20er:p%40ss%25@%2Frun%2Fpg:5433/data%20base?options=a&sslmode=verify-full&options=b';
    const target = new URL(urlWithSettings(url));
    const { username, password, host, pathname } = new URL(url);
    expect(target).toMatchObject({ username, password, host, pathname });
    expect(target.searchParams.get('sslmode')).toBe('verify-full');
    expect(target.searchParams.getAll('options')).toEqual([expect.stringMatching(/,public b -c datestyle=ISO/)]);
  });
});
