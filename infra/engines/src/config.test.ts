import { describe, expect, it } from '@jest/globals';
import { readConfig } from './config.js';

describe('readConfig', () => {
  it('keeps the data of the engines beside the data of the service by default', () => {
    expect(readConfig({})).toEqual({ ENGINES_DATA_DIR: './data/engines' });
    expect(readConfig({ ENGINES_DATA_DIR: '/srv/engines' })).toEqual({ ENGINES_DATA_DIR: '/srv/engines' });
  });
});
