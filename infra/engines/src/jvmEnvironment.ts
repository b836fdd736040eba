/** Options that every JVM, launcher or compiler takes from the environment, before or after those of its command. */
const OPTIONS = ['JAVA_TOOL_OPTIONS', '_JAVA_OPTIONS', 'JDK_JAVA_OPTIONS', 'JDK_JAVAC_OPTIONS', 'CLASSPATH'];

/**
 * This process's environment for the JVM of an engine, without options that belong to other programs of the shell: a debugger's port
 * can be had once, and a smaller heap replaces ours.
 */
export const jvmEnvironment = (env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !OPTIONS.includes(name)));
