// Tokens in the forms of Microsoft Entra, v1 and v2, of an issuer that serves many tenants by one
// discovery document; and how carefully its keys are fetched.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { demoTenant, run, startServer, until } from './support/server.mjs';
import { graph, profilesPath, send } from './support/http.mjs';
import { startEntra } from './support/entra.mjs';
import { makeKey } from './support/jwt.mjs';

const write = 'DeviceManagementConfiguration.ReadWrite.All';
const read = 'DeviceManagementConfiguration.Read.All';
const second = 'cdcdcdcd-cdcd-cdcd-cdcd-cdcdcdcdcdcd';
const personal = '9188040d-6c67-4c5b-b112-36a304b66dad';

let entra;
let server;
const isReady = async () => (await send(server.opsUrl, { path: '/readyz' })).status === 200;
before(async () => {
  entra = await startEntra();
  server = await startServer({ config: entra.configuration });
  assert.equal(run(['tenant', 'add', second, '--data-dir', server.directory]).code, 0);
  await until('the keys', isReady);
});
after(async () => {
  await server.stop();
  await entra.stop();
});

// What the claims say, and the status of reading and of writing on /v1.0 and on /beta.
const callers = [
  ['a person with ReadWrite', { scp: `openid ${write}` }, [200, 201, 200, 201]],
  ['a person with Read', { scp: read }, [200, 403, 200, 403]],
  ['a person whose roles, not scopes, hold the permission', { scp: 'User.Read', roles: [write] }, [403, 403, 403, 403]],
  ['a person without any scope', {}, [403, 403, 403, 403]],
  ['an application with ReadWrite', { roles: [write] }, [403, 403, 200, 201]],
  ['an application that says so', { roles: [write], idtyp: 'app' }, [403, 403, 200, 201]],
  ['an application with Read', { roles: [read] }, [403, 403, 200, 403]],
  ['one that claims to be person and application', { scp: write, roles: [write], idtyp: 'app' }, [401, 401, 401, 401]],
  ['a personal Microsoft account', { tid: personal, scp: write }, [403, 403, 403, 403], personal],
];
for (const version of [1, 2]) {
  for (const [name, claims, expected, tenant = second] of callers) {
    test(`${name}, by a v${version} token: ${expected.join(', ')}`, async () => {
      const token = await entra.token(version, tenant, claims);
      const seen = [];
      for (const root of ['v1.0', 'beta']) {
        seen.push((await graph(server, 'GET', profilesPath, { token, version: root })).status);
        seen.push((await graph(server, 'POST', profilesPath, { token, version: root, body: { displayName: name } })).status);
      }
      assert.deepEqual(seen, expected);
    });
  }
}

test('the tenant is the token\'s: each sees its own profiles', async () => {
  const names = async (tenant) => {
    const token = await entra.token(2, tenant, { scp: write });
    const name = `of ${tenant}`;
    assert.equal((await graph(server, 'POST', profilesPath, { token, body: { displayName: name } })).status, 201);
    const answer = await graph(server, 'GET', `${profilesPath}?$top=999`, { token });
    return answer.json.value.map((profile) => profile.displayName).filter((text) => text.startsWith('of '));
  };
  assert.deepEqual(await names(demoTenant), [`of ${demoTenant}`]);
  assert.deepEqual(await names(second), [`of ${second}`]);
});

for (const [name, claims] of [
  ['whose issuer names another tenant', () => ({ iss: entra.issuer[2](demoTenant) })],
  ['whose issuer still holds the mark', () => ({ iss: entra.issuer[2]('{tenantid}') })],
  ['whose tenant is no GUID', () => ({ tid: 'common', iss: entra.issuer[2]('common') })],
  ['without a tenant', () => ({ tid: undefined })],
  ['for Microsoft\'s own Graph', () => ({ aud: 'https://graph.microsoft.com' })],
]) {
  test(`a token ${name} is 401`, async () => {
    const token = await entra.token(2, second, { scp: write, ...claims() });
    assert.equal((await graph(server, 'GET', profilesPath, { token })).status, 401);
  });
}

test('with mapping = generic the mark goes with tenant-claim = tid only, and personal accounts stay out', async () => {
  const generic = (extra) => entra.configuration.split('[issuer entra-v1]')[0] + `mapping = generic\n${extra}\n`;
  await assert.rejects(startServer({ config: generic(`tenant = ${demoTenant}`) }),
    /muster\.ini:2: issuer entra: issuer lets every tenant in by \{tenantid\}: name one tenant in its place/);
  const other = await startServer({ config: generic('tenant-claim = tid') });
  try {
    await until('the keys', async () => (await send(other.opsUrl, { path: '/readyz' })).status === 200);
    const statusOf = async (tenant) => {
      const token = await entra.token(2, tenant, { scp: write, sub: 'somebody' });
      return (await graph(other, 'GET', profilesPath, { token })).status;
    };
    assert.equal(await statusOf(demoTenant), 200);
    assert.equal(await statusOf(personal), 403);
    assert.equal(await statusOf(second), 403);
  } finally {
    await other.stop();
  }
});

test('whoever takes the document of the other kind of tokens is told what to configure', async () => {
  const v1 = `${entra.url}/organizations/.well-known/openid-configuration`;
  const config = `[issuer entra]\nissuer = ${entra.url}/{tenantid}/v2.0\ndiscovery-url = ${v1}\naudience = ${entra.audience}\n`;
  const mistaken = await startServer({ config });
  await until('the warning', () => mistaken.log.includes('issuer keys cannot be fetched'));
  await mistaken.stop();
  const line = mistaken.log.split('\n').find((candidate) => candidate.includes('issuer keys cannot be fetched'));
  assert.ok(line.includes(`from=${v1}`) || line.includes(`from="${v1}"`), line);
  assert.ok(line.includes(`speaks for the issuer '${entra.url}/{tenantid}/', which is not the configured one: if the ` +
    'iss claim of the tokens is that, set issuer to it and discovery-url to this address; else set discovery-url ' +
    'to the document of the configured issuer'), line);
});

test('the tenant may be spelled in another case', async () => {
  const token = await entra.token(2, second, { scp: write, tid: second.toUpperCase() });
  assert.equal((await graph(server, 'GET', profilesPath, { token })).status, 200);
});

test('a token that wears Graph\'s own nonce is not believed: its signature is of something else', async () => {
  const [header, payload, signature] = (await entra.token(2, second, { scp: write })).split('.');
  const worn = { ...JSON.parse(Buffer.from(header, 'base64url')), nonce: 'x' };
  const token = `${Buffer.from(JSON.stringify(worn)).toString('base64url')}.${payload}.${signature}`;
  assert.equal((await graph(server, 'GET', profilesPath, { token })).status, 401);
});

test('keys roll without notice; and a flood of unknown ones does not become a flood of fetches', async () => {
  const rolled = await makeKey('RS256', 'second');
  entra.keys.push(rolled);
  const before = entra.keyFetches;
  const token = await entra.token(2, second, { scp: write }, { key: rolled });
  await until('the new key', async () => (await graph(server, 'GET', profilesPath, { token })).status === 200);
  assert.equal(entra.keyFetches, before + 1);
  for (let index = 0; index < 100; index += 1) {
    const forged = await entra.token(2, second, { scp: write }, { header: { kid: `made up ${index}` } });
    assert.equal((await graph(server, 'GET', profilesPath, { token: forged })).status, 401);
  }
  assert.equal(entra.keyFetches, before + 1);
  const old = await entra.token(2, second, { scp: read });
  assert.equal((await graph(server, 'GET', profilesPath, { token: old })).status, 200);
});
