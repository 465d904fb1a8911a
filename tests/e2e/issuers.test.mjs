// A second issuer beside the built-in one: a real OpenID provider, found by its discovery document.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { demoTenant, devToken, startServer, until } from './support/server.mjs';
import { graph, profilesPath, send } from './support/http.mjs';
import { applicationToken, audience, delegatedToken, makeSigningKey, startProvider } from './support/provider.mjs';
import { sign } from './support/jwt.mjs';

const write = 'DeviceManagementConfiguration.ReadWrite.All';
const read = 'DeviceManagementConfiguration.Read.All';
const scopes = [write, read];

const configuration = (issuer, extra = '') => `
[issuer provider]
issuer = ${issuer}
audience = ${audience}
mapping = generic
tenant-claim = tid
${extra}`;

async function waitUntilReady(server) {
  for (let tries = 0; tries < 200; tries += 1) {
    const answer = await send(server.opsUrl, { path: '/readyz' });
    if (answer.status === 200) return;
    await sleep(50);
  }
  throw new Error(`never ready: ${server.log}`);
}

// Asks until the answer has the status: keys are fetched in the background.
async function askUntil(server, token, status, version = 'v1.0') {
  let answer;
  for (let tries = 0; tries < 200; tries += 1) {
    answer = await graph(server, 'GET', profilesPath, { token, version });
    if (answer.status === status) return answer;
    await sleep(50);
  }
  return answer;
}

async function withProvider(options, body) {
  const keys = options.keys ?? [await makeSigningKey('first', options.algorithm)];
  const provider = await startProvider({ keys, scopes, claims: { tid: demoTenant }, ...options.provider });
  const server = await startServer({ config: configuration(provider.issuer, options.extra) });
  try {
    await waitUntilReady(server);
    await body(server, provider, keys);
  } finally {
    await server.stop();
    await provider.stop().catch(() => {});
  }
}

test('a person who signs in at the provider creates a profile, and the built-in issuer serves as before', async () => {
  await withProvider({}, async (server, provider) => {
    const token = server.keepSecret(await delegatedToken(provider, write));
    const created = await graph(server, 'POST', profilesPath, { token, body: { displayName: 'By alice' } });
    assert.equal(created.status, 201, created.text);
    const answer = await graph(server, 'POST', `${profilesPath}/${created.json.id}/createToken`,
      { token, body: { tokenValidityInSeconds: 60 } });
    assert.equal(answer.status, 204, answer.text);
    const seen = await graph(server, 'GET', profilesPath, { token: devToken(server) });
    assert.equal(seen.json.value[0].displayName, 'By alice');
  });
});

test('the provider\'s scopes are the permissions', async () => {
  await withProvider({}, async (server, provider) => {
    const token = await delegatedToken(provider, read);
    assert.equal((await graph(server, 'GET', profilesPath, { token })).status, 200);
    const refused = await graph(server, 'POST', profilesPath, { token, body: { displayName: 'x' } });
    assert.equal(refused.status, 403, refused.text);
  });
});

test('client credentials are an application: not on /v1.0, but on /beta', async () => {
  await withProvider({}, async (server, provider) => {
    const token = await applicationToken(provider, write);
    assert.equal((await graph(server, 'GET', profilesPath, { token })).status, 403);
    const created = await graph(server, 'POST', profilesPath, { token, version: 'beta', body: { displayName: 'x' } });
    assert.equal(created.status, 201, created.text);
  });
});

for (const algorithm of ['RS256', 'PS256', 'ES256']) {
  test(`tokens signed with ${algorithm} are believed`, async () => {
    await withProvider({ algorithm }, async (server, provider) => {
      const answer = await askUntil(server, await delegatedToken(provider, write), 200);
      assert.equal(answer.status, 200, answer.text);
    });
  });
}

test('an algorithm that the operator did not allow is refused', async () => {
  await withProvider({ extra: 'algorithms = ES256' }, async (server, provider) => {
    const token = await delegatedToken(provider, write);
    assert.equal((await graph(server, 'GET', profilesPath, { token })).status, 401);
  });
});

test('a new key is fetched when a token names it, and one that is gone is not believed any more', async () => {
  await withProvider({}, async (server, provider, keys) => {
    const before = await delegatedToken(provider, write);
    assert.equal((await graph(server, 'GET', profilesPath, { token: before })).status, 200);
    await provider.stop();
    const rolled = await startProvider({
      keys: [await makeSigningKey('second')], scopes, claims: { tid: demoTenant }, port: provider.port,
    });
    try {
      const token = await delegatedToken(rolled, write);
      assert.equal((await askUntil(server, token, 200)).status, 200);
      assert.equal((await graph(server, 'GET', profilesPath, { token: before })).status, 401);
      const forged = await sign(keys[0], { iss: provider.issuer, aud: audience, tid: demoTenant, sub: 'x', scope: write, exp: Math.floor(Date.now() / 1000) + 60 });
      assert.equal((await graph(server, 'GET', profilesPath, { token: forged })).status, 401);
    } finally {
      await rolled.stop();
    }
  });
});

test('known keys are believed while the provider cannot be reached', async () => {
  await withProvider({}, async (server, provider) => {
    const first = await delegatedToken(provider, write);
    const second = await delegatedToken(provider, write, 'bob');
    assert.equal((await graph(server, 'GET', profilesPath, { token: first })).status, 200);
    await provider.stop();
    server.child.kill('SIGHUP');
    await until('the fetch that fails', () => /issuer keys cannot be fetched.*known so far stay in use/.test(server.log));
    assert.equal((await graph(server, 'GET', profilesPath, { token: first })).status, 200);
    assert.equal((await graph(server, 'GET', profilesPath, { token: second })).status, 200);
    assert.equal((await send(server.opsUrl, { path: '/readyz' })).status, 200);
  });
});

test('a 401 says where a token of the provider is got', async () => {
  const addressOf = async (server) => {
    const answer = await graph(server, 'GET', profilesPath);
    return /authorization_uri="([^"]*)"/.exec(answer.headers['www-authenticate'])[1];
  };
  await withProvider({}, async (server, provider) => {
    assert.equal(await addressOf(server), `${provider.issuer}/auth`);
  });
  const configured = 'authorization-endpoint = https://sso.example.com/start\n';
  await withProvider({ extra: configured }, async (server) => {
    assert.equal(await addressOf(server), 'https://sso.example.com/start');
  });
  const server = await startServer({ config: configuration('http://127.0.0.1:9') });
  try {
    assert.equal(await addressOf(server), 'http://127.0.0.1:9');
  } finally {
    await server.stop();
  }
  await assert.rejects(startServer({ config: configuration('http://127.0.0.1:9', 'authorization-endpoint = http://sso.example.com/\n') }),
    /authorization-endpoint must be an absolute https address/);
});

test('issuers that never answered keep the server from being ready, but not from serving others', async () => {
  const second = configuration('http://127.0.0.1:9/second').replace('[issuer provider]', '[issuer other]');
  const server = await startServer({ config: configuration('http://127.0.0.1:9') + second });
  try {
    const ready = await send(server.opsUrl, { path: '/readyz' });
    assert.equal(ready.status, 503);
    for (const name of ['provider', 'other'])
      assert.match(ready.text, new RegExp(`^issuers: The keys of issuer ${name} are not known yet\\.$`, 'm'));
    assert.equal((await send(server.opsUrl, { path: '/livez' })).status, 200);
    assert.equal((await askUntil(server, devToken(server), 200)).status, 200);
  } finally {
    await server.stop();
  }
});

test('a tenant fixed by the operator needs no tid claim', async () => {
  const keys = [await makeSigningKey('only')];
  const provider = await startProvider({ keys, scopes, claims: {} });
  const server = await startServer({
    config: configuration(provider.issuer, `tenant = ${demoTenant}`).replace('tenant-claim = tid\n', ''),
  });
  try {
    await waitUntilReady(server);
    const answer = await graph(server, 'GET', profilesPath, { token: await delegatedToken(provider, write) });
    assert.equal(answer.status, 200, answer.text);
  } finally {
    await server.stop();
    await provider.stop();
  }
});

test('roles may come from a nested claim, as Keycloak has them', async () => {
  await withProvider({
    extra: 'roles-claim = realm_access.roles',
    provider: { claims: { tid: demoTenant, realm_access: { roles: [write] } } },
  }, async (server, provider) => {
    const token = await applicationToken(provider, read);
    const created = await graph(server, 'POST', profilesPath, { token, version: 'beta', body: { displayName: 'x' } });
    assert.equal(created.status, 201, created.text);
  });
});
