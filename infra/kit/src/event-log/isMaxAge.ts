/** Whether the metadata of a stream is a maximum age of so many seconds, one of those given, and nothing else. */
export const isMaxAge = (metadata: unknown, seconds: readonly number[]): boolean => {
  if (typeof metadata !== 'object' || metadata === null) return false;
  const { $maxAge: age, ...others } = metadata as Record<string, unknown>;
  return Object.keys(others).length === 0 && seconds.some((one) => one === age);
};
