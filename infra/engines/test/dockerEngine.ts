import { request } from 'node:http';

const TIMEOUT_MS = 500;

/** The socket of the Docker engine: that of DOCKER_HOST, else the usual one. */
const socketOf = (env: NodeJS.ProcessEnv): string =>
  /^unix:\/\/(.+)$/.exec(env.DOCKER_HOST ?? '')?.[1] ?? '/var/run/docker.sock';

/** Whether a Docker engine answers, within half a second unless another time is given. */
export const dockerAnswers = (env: NodeJS.ProcessEnv = process.env, timeoutMs = TIMEOUT_MS): Promise<boolean> =>
  new Promise((resolve) => {
    const ping = request({ socketPath: socketOf(env), path: '/_ping' }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    ping.setTimeout(timeoutMs, () => ping.destroy());
    ping.on('error', () => resolve(false));
    ping.end();
  });

/** Whether a Docker engine answers on this machine. */
export const hasDocker = await dockerAnswers();
