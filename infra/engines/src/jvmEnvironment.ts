/** Variables from which every JVM, launcher or compiler takes options, beside those of its command. */
const OPTIONS = [
  'JAVA_TOOL_OPTIONS',
  '_JAVA_OPTIONS',
  'JDK_JAVA_OPTIONS',
  'JDK_JAVAC_OPTIONS',
  'OPENJ9_JAVA_OPTIONS',
  'IBM_JAVA_OPTIONS',
];

/**
 * This process's environment for the JVM of an engine, without options that belong to other programs of the shell: a debugger's port
 * can be had once, and a smaller heap replaces ours. Maven keeps them: they may name its proxy.
 */
export const jvmEnvironment = (env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !OPTIONS.includes(name)));
