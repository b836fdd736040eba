import { resolve } from 'node:path';
import { readDataDir } from '@ums/embedded/config';
import { readEngines } from '@ums/embedded/dataFolder/enginesFile';
import { ignoreShellSettings } from '@ums/embedded/ignoreShellSettings';
import { type Environment, parseEnv, type Reader, secret } from '@ums/kit/env';
import { InvalidSetting } from '@ums/kit/invalidSetting';
import { isLoopback } from '@ums/kit/transport/isLoopback';
import { baseUrl } from '@ums/kit/webAddress';

export interface ReplaySettings {
  /** Base URL of the API, without a slash at its end. */
  api: string;
  /** An access token of an auditor or administrator. */
  token: string;
}

/** A token of RFC 6750. Other characters would break the header, and the client's error would quote them. */
const TOKEN = /^[\w.~+/-]+=*$/;

const accessToken = (): Reader<string> => ({
  read: (name, env) => {
    const token = secret().read(name, env);
    if (!TOKEN.test(token)) throw new InvalidSetting('must be an access token');
    return token;
  },
});

/**
 * AUDIT_TOKEN, and API_URL or the URL of the service that is running on the data folder. For a service of this machine, proxies
 * of the shell no longer count in this process: they would be shown the token.
 * @throws ConfigFault; EngineFailed when no service is running there.
 */
export const replaySettings = async (env: Environment): Promise<ReplaySettings> => {
  const { AUDIT_TOKEN: token } = parseEnv({ AUDIT_TOKEN: accessToken() }, env);
  const isNamed = Boolean(env.API_URL?.trim());
  const api = isNamed
    ? parseEnv({ API_URL: baseUrl() }, env).API_URL
    : (await readEngines(resolve(readDataDir({ ...env })))).api;
  if (!isNamed || isLoopback(new URL(api).hostname)) ignoreShellSettings();
  return { api, token };
};
