import { expect, it } from '@jest/globals';
import { jvmEnvironment } from './jvmEnvironment.js';

it('drops the options of other Java programs', () => {
  const kept = { PATH: '/bin', JAVA_HOME: '/jdk', HOME: '/root' };
  expect(jvmEnvironment({ ...kept, JAVA_TOOL_OPTIONS: '-Xmx1m', _JAVA_OPTIONS: '-Xmx1m' })).toEqual(kept);
});
