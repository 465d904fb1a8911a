// gzip, as Node's fetch asks for it.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import http from 'node:http';
import { gunzipSync } from 'node:zlib';
import { devToken, startServer } from './support/server.mjs';
import { createProfile, profilesPath } from './support/http.mjs';

async function withProfiles(flags, use) {
  const server = await startServer({ flags });
  try {
    const token = devToken(server);
    for (let i = 0; i < 8; i += 1) await createProfile(server, token, `Kiosk ${i}`);
    await use(server, `${server.url}/v1.0${profilesPath}`, token);
  } finally {
    await server.stop();
  }
}

// The bytes as they come over the wire.
function get(url, token, headers = {}) {
  return new Promise((resolve, reject) => {
    http.get(url, { headers: { Authorization: `Bearer ${token}`, ...headers } }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(parts) }));
    }).on('error', reject);
  });
}
const takesGzip = { 'Accept-Encoding': 'gzip' };

test('a list is compressed for who asks, as fetch does, and is the same list', () =>
  withProfiles([], async (server, url, token) => {
    const plain = await get(url, token);
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.equal(plain.headers.vary, 'Accept-Encoding');
    const packed = await get(url, token, takesGzip);
    assert.equal(packed.headers['content-encoding'], 'gzip');
    assert.equal(packed.headers['content-length'], String(packed.body.length));
    assert.ok(packed.body.length * 2 < plain.body.length);
    assert.deepEqual(gunzipSync(packed.body), plain.body);
    const fetched = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
    assert.equal(fetched.headers.get('content-encoding'), 'gzip');
    assert.equal(await fetched.text(), plain.body.toString());
    const small = await get(`${url}/${JSON.parse(plain.body).value[0].id}`, token, takesGzip);
    assert.equal(small.headers['content-encoding'], undefined);
    assert.equal(small.headers.vary, undefined);
  }));

test('gzip = false leaves everything as it is', () =>
  withProfiles(['--gzip=false'], async (server, url, token) => {
    const answer = await get(url, token, takesGzip);
    assert.equal(answer.headers['content-encoding'], undefined);
    assert.equal(answer.headers.vary, undefined);
    assert.equal(JSON.parse(answer.body).value.length, 8);
  }));
