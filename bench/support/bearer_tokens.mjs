// Bearer tokens of the built-in issuer, of the size that Entra's have: dev-token's are smaller,
// and a process for each would take longer than the measurement.
import { createHash, createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const tokenBytes = 1400;
const signAtOnce = promisify(sign);

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

export class BearerTokens {
  constructor(dataDirectory) {
    const jwk = JSON.parse(readFileSync(join(dataDirectory, 'dev-issuer.jwk'), 'utf8'));
    this.key = createPrivateKey({ key: jwk, format: 'jwk' });
    this.header = encode({ typ: 'JWT', alg: 'RS256', kid: jwk.kid });
  }

  // Distinct numbers give distinct tokens of the same user.
  async make(tenant, number = 0) {
    const issued = Math.floor(Date.now() / 1000);
    const claims = {
      aud: '00000003-0000-0000-c000-000000000000',
      iss: `https://dev.muster.invalid/${tenant}/v2.0`,
      iat: issued, nbf: issued, exp: issued + 4 * 3600,
      azp: 'de50c11e-0000-4000-8000-6d7573746572', azpacr: '0',
      name: 'Administrator', preferred_username: 'admin@dev.muster.invalid',
      oid: '0f1e2d3c-0000-4000-8000-6d7573746572', sub: createHash('sha256').update(tenant).digest('base64url'),
      scp: 'DeviceManagementConfiguration.ReadWrite.All DeviceManagementManagedDevices.ReadWrite.All openid profile',
      tid: tenant, uti: number.toString(16).padStart(22, '0'), ver: '2.0',
    };
    const length = () => this.header.length + encode(claims).length + 344;
    claims.rh = '0.'.padEnd(Math.max(2, Math.floor((tokenBytes - length()) * 3 / 4) - 6), 'A');
    const signed = `${this.header}.${encode(claims)}`;
    const signature = await signAtOnce('sha256', Buffer.from(signed), this.key);
    return `${signed}.${signature.toString('base64url')}`;
  }
}
