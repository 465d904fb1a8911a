// An issuer in the shape of Microsoft Entra: one discovery document for all tenants, whose issuer
// holds {tenantid}, and keys without an alg. It counts how often its keys are fetched.
import http from 'node:http';
import { makeKey, sign } from './jwt.mjs';

export async function startEntra() {
  const keys = [await makeKey('RS256', 'first')];
  const entra = { keyFetches: 0, keys };
  const listener = http.createServer((request, response) => {
    const documents = {
      '/organizations/v2.0/.well-known/openid-configuration': { issuer: `${entra.url}/{tenantid}/v2.0`, jwks_uri: `${entra.url}/keys` },
      '/organizations/.well-known/openid-configuration': { issuer: `${entra.url}/{tenantid}/`, jwks_uri: `${entra.url}/keys` },
      '/keys': { keys: keys.map(({ kty, n, e, kid }) => ({ kty, use: 'sig', kid, n, e })) },
    };
    if (request.url === '/keys') entra.keyFetches += 1;
    const found = documents[request.url];
    response.writeHead(found ? 200 : 404, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(found ?? {}));
  });
  await new Promise((resolve) => { listener.listen(0, '127.0.0.1', resolve); });
  entra.url = `http://127.0.0.1:${listener.address().port}`;
  entra.stop = () => new Promise((resolve) => {
    listener.close(resolve);
    listener.closeAllConnections();
  });
  // The two forms of the issuer's name, and of the client's.
  entra.issuer = { 1: (tenant) => `${entra.url}/${tenant}/`, 2: (tenant) => `${entra.url}/${tenant}/v2.0` };
  entra.token = (version, tenant, claims, { key = keys[0], header } = {}) => {
    const now = Math.floor(Date.now() / 1000);
    const client = { [version === 1 ? 'appid' : 'azp']: '33333333-3333-3333-3333-333333333333' };
    const all = {
      aud: entra.audience, iss: entra.issuer[version](tenant), tid: tenant, ver: `${version}.0`,
      oid: '22222222-2222-2222-2222-222222222222', sub: 'pairwise-subject',
      iat: now, nbf: now, exp: now + 3600, ...client, ...claims,
    };
    return sign(key, JSON.parse(JSON.stringify(all)), header);
  };
  entra.audience = 'api://00000000-aaaa-bbbb-cccc-000000000000';
  entra.configuration = `
[issuer entra]
issuer = ${entra.url}/{tenantid}/v2.0
discovery-url = ${entra.url}/organizations/v2.0/.well-known/openid-configuration
audience = ${entra.audience}
[issuer entra-v1]
issuer = ${entra.url}/{tenantid}/
discovery-url = ${entra.url}/organizations/.well-known/openid-configuration
audience = ${entra.audience}
`;
  return entra;
}
