import { randomUUID } from 'node:crypto';
import { accessTokenVerifier } from '@ums/identity/access-token/accessTokenVerifier';
import { revokedTokens } from '@ums/query-api/authorization/revokedTokens';
import { cpuPerOperation, ownCpuMs } from '../load/compareCosts.js';
import { type Figure, formatNumber } from '../report/figure.js';
import type { UseCases } from './openUseCases.js';

export interface AuthenticationSizes {
  /** Different access tokens. */
  tokens: number;
  /** How often each is checked again. */
  repeats: number;
}

const ISSUER = 'user-management';
const KEEP_MS = 600_000;

/** P5: what a read pays for the proof of who asks: signature, claims and revocation of an access token. */
export const authenticationCost = async (
  { deps }: UseCases,
  { tokens: count, repeats }: AuthenticationSizes,
): Promise<Figure> => {
  const { accessTokens, clock } = deps;
  const verifier = accessTokenVerifier({ jwks: () => accessTokens.jwks, issuer: ISSUER, audience: ISSUER, clock });
  const revoked = revokedTokens({ keepMs: KEEP_MS });
  const newToken = () => accessTokens.sign({ sub: randomUUID(), sid: randomUUID(), roles: ['user'], epoch: 0n });
  const tokens = Array.from({ length: count }, () => `Bearer ${newToken()}`);
  const check = async (token: string): Promise<void> => {
    if (revoked.has(await verifier.verify(token))) throw new Error('no token of the bench is revoked');
  };
  const checkAll = async (): Promise<void> => {
    for (const token of tokens) await check(token);
  };
  const first = await cpuPerOperation(ownCpuMs, count, checkAll);
  const again = await cpuPerOperation(ownCpuMs, count * repeats, async () => {
    for (let round = 0; round < repeats; round += 1) await checkAll();
  });
  return {
    name: 'P5 check of an access token',
    measured: again,
    unit: 'cpu-ms',
    target: { atMost: 0.03 },
    details: `each of ${count} tokens again, ${repeats} times; the first time ${formatNumber(first)} cpu-ms, for the signature`,
  };
};
