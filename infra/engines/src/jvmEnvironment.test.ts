import { expect, it } from '@jest/globals';
import { jvmEnvironment } from './jvmEnvironment.js';

it('keeps what is not for every JVM', () => {
  const kept = { PATH: '/bin', JAVA_HOME: '/jdk', HOME: '/root' };
  const all = {
    ...kept,
    JAVA_TOOL_OPTIONS: '-Xmx1m',
    _JAVA_OPTIONS: 'x',
    JDK_JAVA_OPTIONS: 'x',
    JDK_JAVAC_OPTIONS: 'x',
    CLASSPATH: 'x',
  };
  expect(jvmEnvironment(all)).toEqual(kept);
});
