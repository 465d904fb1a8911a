// OPTIONS on every address of Graph, and calls from web pages of other origins.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { devToken, startServer } from './support/server.mjs';
import { graph, profilesPath, send } from './support/http.mjs';

const id = '00000000-0000-4000-8000-000000000000';
const addresses = [
  [profilesPath, 'GET, HEAD, POST, OPTIONS'],
  [`${profilesPath}/${id}`, 'GET, HEAD, PATCH, DELETE, OPTIONS'],
  [`${profilesPath}('${id}')/microsoft.graph.createToken`, 'POST, OPTIONS'],
  [`${profilesPath}/${id}/revokeToken`, 'POST, OPTIONS'],
  [`/deviceManagement/androidDeviceOwnerEnrollmentProfiles/${id}`, 'GET, HEAD, PATCH, DELETE, OPTIONS'],
  ['/$batch', 'POST, OPTIONS'],
  ['/$metadata', 'GET, HEAD, OPTIONS'],
  ['/deviceManagement/managedDevices', 'GET, HEAD, OPTIONS'],
  [`/deviceManagement/managedDevices/${id}`, 'GET, HEAD, DELETE, OPTIONS'],
  [`/deviceManagement/managedDevices/${id}/retire`, 'POST, OPTIONS'],
  ['/deviceManagement/auditEvents', 'GET, HEAD, OPTIONS'],
];
const portal = 'https://portal.example.com';
const preflight = {
  Origin: portal, 'Access-Control-Request-Method': 'PATCH',
  'Access-Control-Request-Headers': 'authorization,content-type,sdkversion',
};
const isCors = (name) => name.startsWith('access-control-');

async function withServer(flags, use) {
  const server = await startServer({ flags });
  try {
    await use(server, devToken(server));
  } finally {
    await server.stop();
  }
}

test('OPTIONS says what an address takes, without a bearer token', () =>
  withServer([], async (server) => {
    for (const version of ['v1.0', 'beta']) {
      for (const [path, allow] of addresses) {
        const answer = await graph(server, 'OPTIONS', path, { version });
        assert.equal(answer.status, 204, path);
        assert.equal(answer.headers.allow, allow, path);
        assert.equal(answer.text, '');
        assert.equal(answer.headers['content-length'], undefined);
        assert.match(answer.headers['request-id'], /^[0-9a-f-]{36}$/);
      }
    }
    const all = await send(server.url, { method: 'OPTIONS', path: '*' });
    assert.equal(all.status, 204);
    assert.equal(all.headers.allow, 'GET, HEAD, POST, PATCH, DELETE, OPTIONS');
    assert.match(all.headers['request-id'], /^[0-9a-f-]{36}$/);
    const nowhere = await graph(server, 'OPTIONS', '/deviceManagement/nothing');
    assert.equal(nowhere.status, 400);
    assert.equal(nowhere.json.error.message, "Resource not found for the segment 'nothing'.");
    assert.equal((await graph(server, 'OPTIONS', `${profilesPath}/x`)).status, 400);
  }));

test("by default no page's origin is allowed", () =>
  withServer([], async (server, token) => {
    for (const answer of [await graph(server, 'OPTIONS', profilesPath, { headers: preflight }),
      await graph(server, 'GET', profilesPath, { token, headers: { Origin: portal } })]) {
      assert.deepEqual(Object.keys(answer.headers).filter(isCors), []);
      assert.equal(answer.headers.vary, undefined);
    }
  }));

test('the origins that are named may call, and are told what a browser asks', () =>
  withServer(['--cors-origins', `http://localhost:3000 ${portal}`], async (server, token) => {
    const asked = await graph(server, 'OPTIONS', `${profilesPath}/${id}`, { headers: preflight });
    assert.equal(asked.status, 204);
    assert.equal(asked.headers['access-control-allow-origin'], portal);
    assert.equal(asked.headers['access-control-allow-methods'], 'GET, HEAD, PATCH, DELETE, OPTIONS');
    assert.equal(asked.headers['access-control-allow-headers'], 'authorization,content-type,sdkversion');
    assert.equal(asked.headers['access-control-allow-credentials'], undefined);
    assert.match(asked.headers.vary, /Origin/);
    for (const [bearer, status] of [[token, 200], ['nonsense', 401]]) {
      const answer = await graph(server, 'GET', profilesPath, { token: bearer, headers: { Origin: portal } });
      assert.equal(answer.status, status);
      assert.equal(answer.headers['access-control-allow-origin'], portal);
      assert.match(answer.headers['access-control-expose-headers'], /ETag.*request-id.*Retry-After/);
    }
    for (const other of ['https://evil.example', 'https://portal.example.com.evil.example', 'null']) {
      const refused = await graph(server, 'OPTIONS', profilesPath, { headers: { ...preflight, Origin: other } });
      assert.deepEqual(Object.keys(refused.headers).filter(isCors), []);
      assert.match(refused.headers.vary, /Origin/);
    }
  }));

test('all origins may be allowed, as Microsoft does', () =>
  withServer(['--cors-origins', '*'], async (server, token) => {
    const answer = await graph(server, 'GET', profilesPath, { token, headers: { Origin: 'null' } });
    assert.equal(answer.headers['access-control-allow-origin'], '*');
    const plain = await graph(server, 'GET', profilesPath, { token });
    // So that a cache may hand the answer to anybody.
    assert.equal(plain.headers['access-control-allow-origin'], '*');
    assert.equal(plain.headers.vary, undefined);
    // Devices are no web pages.
    const enroll = await send(server.url, { method: 'OPTIONS', path: '/enroll', headers: preflight });
    assert.equal(enroll.status, 405);
    assert.deepEqual(Object.keys(enroll.headers).filter(isCors), []);
  }));
