import { StartRefused } from '@ums/kit/startRefused';

/** What a service that works answers with 200: both APIs, their engines through readiness, and the documents. */
const PATHS = ['/health/ready', '/.well-known/jwks.json', '/openapi.json', '/apidocs/', '/asyncapi.json'];

/**
 * Requests what every deployed service must answer, without following redirects.
 * @param base for example `https://users.example.org`, also with a path
 * @returns one line for each path
 * @throws StartRefused when an answer is anything but 200 or takes longer than ten seconds; it names all of these
 */
export const smokeTest = async (base: string, timeoutMs = 10_000): Promise<string> => {
  const root = rootOf(base);
  const results = await Promise.all(
    PATHS.map(async (path) => ({ path, status: await statusOf(root + path, timeoutMs) })),
  );
  const lines = results.map(({ path, status }) => `${path}: ${status}`).join('\n');
  if (results.some(({ status }) => status !== '200')) throw new StartRefused(`${root} does not work:\n${lines}`);
  return `${root} works:\n${lines}`;
};

const rootOf = (base: string): string => {
  if (!/^https?:\/\/./.test(base) || !URL.canParse(base))
    throw new StartRefused('npm run -s smoke -- <URL of the service>');
  return base.replace(/\/$/, '');
};

/** The status of an answer whose body was read, or why there is none. */
const statusOf = async (url: string, timeoutMs: number): Promise<string> => {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await fetch(url, { redirect: 'manual', signal });
    await answer.arrayBuffer();
    return String(answer.status);
  } catch {
    return signal.aborted ? `no answer in ${timeoutMs} ms` : 'no connection';
  }
};
