import { expect, it } from '@jest/globals';
import { ignoreLoaderSettings } from './ignoreLoaderSettings.js';

it('removes the variables that change which code a library loads, and no others', () => {
  const kept = { PATH: '/bin', PGHOST: 'db', NODE_ENV: 'production', npm_config_registry: 'https://registry.example' };
  const env: Record<string, string> = { ...kept, npm_config_arch: 'arm64', npm_config_platform: 'win32' };
  for (const name of ['NODE_PG_FORCE_NATIVE', 'READABLE_STREAM', 'LIBC', 'ARM_VERSION', 'PREBUILDS_ONLY'])
    env[name] = '1';
  for (const name of ['BCRYPT_PREBUILD', 'NAPI_RS_FORCE_WASI', 'JITI_EXTENSIONS']) env[name] = '1';
  ignoreLoaderSettings(env);
  expect(env).toEqual(kept);
});
