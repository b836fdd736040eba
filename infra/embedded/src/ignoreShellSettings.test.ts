import { describe, expect, it } from '@jest/globals';
import { ignoreShellSettings } from './ignoreShellSettings.js';

describe('ignoreShellSettings', () => {
  it('removes what database, log and mail clients and the inbox read by themselves, and nothing else', () => {
    const kept = {
      PATH: '/bin',
      PORT: '1',
      PASSWORD_HASH: 'bcrypt:4',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    };
    const env: Record<string, string> = { ...kept };
    for (const name of ['http_proxy', 'HTTPS_PROXY', 'grpc_proxy', 'all_proxy', 'no_proxy', 'no_grpc_proxy'])
      env[name] = 'x';
    for (const name of ['PGSSLMODE', 'PGOPTIONS', 'PGHOST', 'PGREPLICATION']) env[name] = 'x';
    for (const name of ['AWS_USE_FIPS_ENDPOINT', 'AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_REGION']) env[name] = 'x';
    for (const name of ['SMTP_TRANSPORT', 'KAFKAJS_LOG_LEVEL']) env[name] = 'x';
    ignoreShellSettings(env);
    expect(env).toEqual({ ...kept, no_proxy: '*' });
  });
});
