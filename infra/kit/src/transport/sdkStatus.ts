/** Status of the HTTP answer that made a call of the AWS SDK fail, if there was one; also where its body was not one of AWS. */
export const statusOf = (error: unknown): number | undefined => {
  const metadata = error instanceof Error && '$metadata' in error ? error.$metadata : undefined;
  const status = typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata;
  return status && typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
};
