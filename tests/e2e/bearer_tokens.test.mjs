// Bearer tokens that are not believed: 401, a challenge, Graph's sentence, and nothing else.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { demoTenant, devToken, startServer } from './support/server.mjs';
import { graph, profilesPath, send } from './support/http.mjs';
import { devClaims, devIssuer, devKey, makeKey, sign, signedWithPublicKey, unsigned } from './support/jwt.mjs';

let server;
before(async () => { server = await startServer(); });
after(() => server.stop());

const now = () => Math.floor(Date.now() / 1000);
const other = '99999999-9999-9999-9999-999999999999';

const cases = [
  ['nothing', () => undefined, /^Access token is empty\.$/],
  ['an empty one', () => '', /^Access token is empty\.$/],
  ['no JWT', () => 'abc', /^Access token validation failure/],
  ['three dots of nothing', () => '..', /^Access token validation failure/],
  ['a JWT that was cut', async () => (await sign(devKey(server), devClaims())).slice(0, -20), /^Access token validation failure/],
  ['an unsigned one', () => unsigned(devClaims(), devKey(server).kid), /^Access token validation failure/],
  ['one signed with the public key as a secret', () => signedWithPublicKey(devKey(server), devClaims()), /^Access token validation failure/],
  ['one signed with another key under the right kid', async () => sign(await makeKey('RS256', devKey(server).kid), devClaims()), /^Access token validation failure/],
  ['one with an unknown kid', async () => sign(await makeKey(), devClaims()), /^Access token validation failure/],
  ['one whose claims were changed afterwards', async () => {
    const [header, , signature] = (await sign(devKey(server), devClaims())).split('.');
    const claims = Buffer.from(JSON.stringify(devClaims({ tid: other }))).toString('base64url');
    return `${header}.${claims}.${signature}`;
  }, /^Access token validation failure/],
  ['an expired one', () => sign(devKey(server), devClaims({ exp: now() - 3600, nbf: now() - 7200, iat: now() - 7200 })), /^Lifetime validation failed, the token is expired\.$/],
  ['one without an expiry', () => sign(devKey(server), devClaims({ exp: undefined })), /^(Access token|Lifetime) validation fail/],
  ['one that is not valid yet', () => sign(devKey(server), devClaims({ nbf: now() + 3600 })), /^(Access token|Lifetime) validation fail/],
  ['one for another audience', () => sign(devKey(server), devClaims({ aud: 'https://management.azure.com' })), /^Access token validation failure\. Invalid audience\.$/],
  ['one without an audience', () => sign(devKey(server), devClaims({ aud: undefined })), /^Access token validation failure\. Invalid audience\.$/],
  ['one of another issuer', () => sign(devKey(server), devClaims({ iss: 'https://example.com/' })), /^Access token validation failure/],
  ['one whose issuer names another tenant than tid', () => sign(devKey(server), devClaims({ iss: devIssuer(other) })), /^Access token validation failure/],
  ['one without a tid', () => sign(devKey(server), devClaims({ tid: undefined })), /^Access token validation failure/],
  ['one with an algorithm that is not allowed', () => sign(devKey(server), devClaims(), { alg: 'RS512' }), /^Access token validation failure/],
  ['one with a critical header', () => sign(devKey(server), devClaims(), { crit: ['b64'], b64: true }), /^Access token validation failure/],
];

for (const [name, make, message] of cases) {
  test(`${name} is 401`, async () => {
    const token = await make();
    const answer = await graph(server, 'GET', profilesPath, { token });
    assert.equal(answer.status, 401, answer.text);
    assert.equal(answer.json.error.code, 'InvalidAuthenticationToken');
    assert.match(answer.json.error.message, message);
    const challenge = answer.headers['www-authenticate'];
    assert.match(challenge, /^Bearer realm="", authorization_uri="https:\/\/login\.microsoftonline\.com\/common\/oauth2\/authorize", client_id="[^"]+"/);
    assert.equal(challenge.includes('error="invalid_token"'), token !== undefined);
  });
}

for (const value of ['Bearer', 'Bearer  ', 'Basic dXNlcjpwYXNz', 'Bearer a b', 'bearer', `Bearer ${'x'.repeat(20000)}`]) {
  test(`Authorization: ${value.slice(0, 20)} is 401`, async () => {
    const answer = await send(server.url, { path: `/v1.0${profilesPath}`, headers: { Authorization: value } });
    assert.equal(answer.status, 401, answer.text);
    assert.equal(answer.json.error.code, 'InvalidAuthenticationToken');
  });
}

test('a clock that is a little off is forgiven', async () => {
  const claims = devClaims({ exp: now() - 30, nbf: now() - 600, iat: now() - 600 });
  const answer = await graph(server, 'GET', profilesPath, { token: await sign(devKey(server), claims) });
  assert.equal(answer.status, 200, answer.text);
});

test('a token that was believed is refused from the second of its expiry on', async () => {
  const strict = await startServer({ flags: ['--clock-skew-seconds', '0'] });
  try {
    const expires = now() + 4;
    const token = await sign(devKey(strict), devClaims({ exp: expires, nbf: now() - 60, iat: now() - 60 }));
    const ask = () => graph(strict, 'GET', profilesPath, { token });
    assert.equal((await ask()).status, 200);
    assert.equal((await ask()).status, 200);
    await sleep(expires * 1000 - Date.now() + 20);
    const late = await ask();
    assert.equal(late.status, 401);
    assert.equal(late.json.error.message, 'Lifetime validation failed, the token is expired.');
  } finally {
    await strict.stop();
  }
});

test('all three audiences of Graph, and v1 tokens, are taken', async () => {
  for (const aud of ['https://graph.microsoft.com', 'https://graph.microsoft.com/', '00000003-0000-0000-c000-000000000000']) {
    const answer = await graph(server, 'GET', profilesPath, { token: await sign(devKey(server), devClaims({ aud })) });
    assert.equal(answer.status, 200, answer.text);
  }
});

test('the scheme has no case', async () => {
  const token = devToken(server, '--tenant', demoTenant);
  const answer = await send(server.url, { path: `/v1.0${profilesPath}`, headers: { Authorization: `bEaReR ${token}` } });
  assert.equal(answer.status, 200);
});

test('an expired token of dev-token is refused', async () => {
  const answer = await graph(server, 'GET', profilesPath, { token: devToken(server, '--expires-in', '-120') });
  assert.equal(answer.status, 401);
});
