// Bearer tokens that the built-in issuer would not make: signed with its key, or pretending to be.
import { readFileSync } from 'node:fs';
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import * as jose from 'jose';
import { demoTenant } from './server.mjs';

export const devIssuer = (tenant = demoTenant) => `https://dev.muster.invalid/${tenant}/v2.0`;

export function devKey(server) {
  return JSON.parse(readFileSync(join(server.directory, 'dev-issuer.jwk')));
}

export function devClaims(overrides = {}) {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    aud: 'https://graph.microsoft.com', iss: devIssuer(), tid: demoTenant,
    oid: '22222222-2222-2222-2222-222222222222', sub: 'subject', ver: '2.0',
    azp: '33333333-3333-3333-3333-333333333333', preferred_username: 'admin@example.com',
    scp: 'DeviceManagementConfiguration.ReadWrite.All', iat: now, nbf: now, exp: now + 3600,
    ...overrides,
  };
  for (const name of Object.keys(claims)) if (claims[name] === undefined) delete claims[name];
  return claims;
}

export async function sign(key, claims, header = {}) {
  const jwk = typeof key.kty === 'string' ? key : await jose.exportJWK(key);
  const algorithm = header.alg ?? 'RS256';
  return new jose.SignJWT(claims)
    .setProtectedHeader({ alg: algorithm, typ: 'JWT', kid: jwk.kid, ...header })
    .sign(await jose.importJWK({ ...jwk, alg: undefined, use: undefined }, algorithm));
}

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function unsigned(claims, kid) {
  return `${encode({ alg: 'none', typ: 'JWT', kid })}.${encode(claims)}.`;
}

// The classic confusion: an HMAC whose secret is the public key that everybody knows.
export async function signedWithPublicKey(jwk, claims) {
  const publicKey = await jose.importJWK({ kty: jwk.kty, n: jwk.n, e: jwk.e }, 'RS256');
  const pem = await jose.exportSPKI(publicKey);
  const input = `${encode({ alg: 'HS256', typ: 'JWT', kid: jwk.kid })}.${encode(claims)}`;
  return `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`;
}

export async function makeKey(algorithm = 'RS256', kid = 'another') {
  const { privateKey } = await jose.generateKeyPair(algorithm, { extractable: true });
  return { ...(await jose.exportJWK(privateKey)), kid };
}
