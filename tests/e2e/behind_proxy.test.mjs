// Behind a reverse proxy: the client's address, scheme and host are what a trusted proxy says.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import http from 'node:http';
import { devToken, makeDirectory, startServer } from './support/server.mjs';
import { createProfile, graph, profilesPath, send, sendRaw } from './support/http.mjs';

const forwarded = (client) => ({
  'X-Forwarded-For': `198.51.100.1, ${client}`, 'X-Forwarded-Proto': 'https',
  'X-Forwarded-Host': 'muster.example.com',
});
const outside = 'https://muster.example.com/v1.0';
const audited = async (server, token) => {
  const events = await graph(server, 'GET', '/deviceManagement/auditEvents?$top=1', { token });
  return events.json.value[0].actor.ipAddress;
};
const guess = (server, headers) => send(server.url, {
  method: 'POST', path: '/enroll', headers: { 'Content-Type': 'application/json', ...headers },
  body: JSON.stringify({ enrollmentToken: '0'.repeat(26), device: { serialNumber: 'R58M1' } }),
});

let server;
let token;
before(async () => {
  server = await startServer({ flags: ['--trusted-proxies', '127.0.0.1 10.0.0.0/8', '--enroll-refusals-per-minute', '1'] });
  token = devToken(server);
});
after(() => server.stop());

test('addresses in answers are those that the client asked the proxy for', async () => {
  const created = await graph(server, 'POST', profilesPath,
    { token, body: { displayName: 'Outside' }, headers: forwarded('203.0.113.9') });
  assert.equal(created.json['@odata.context'], `${outside}/$metadata#deviceManagement/androidForWorkEnrollmentProfiles/$entity`);
  assert.ok(created.headers.location.startsWith(`${outside}${profilesPath}('`));
  assert.match(created.headers['strict-transport-security'], /^max-age=\d+$/);
  assert.equal(await audited(server, token), '203.0.113.9');
  await createProfile(server, token);
  const page = await graph(server, 'GET', `${profilesPath}?$top=1`, { token, headers: forwarded('10.1.2.3') });
  assert.ok(page.json['@odata.nextLink'].startsWith(`${outside}${profilesPath}?`));
});

test('what the proxy does not say stays as it is', async () => {
  const read = await graph(server, 'GET', profilesPath, { token, headers: { 'X-Forwarded-Proto': 'https' } });
  assert.ok(read.json['@odata.context'].startsWith(`${server.url.replace('http:', 'https:')}/v1.0/$metadata#`));
  await createProfile(server, token);
  assert.equal(await audited(server, token), '127.0.0.1');
});

test('who guesses is slowed, and the others behind the proxy are not', async () => {
  assert.equal((await guess(server, forwarded('203.0.113.9'))).status, 403);
  assert.equal((await guess(server, forwarded('203.0.113.9'))).status, 429);
  assert.equal((await guess(server, forwarded('203.0.113.10'))).status, 403);
  // A client that writes the header itself only stands further left.
  assert.equal((await guess(server, { 'X-Forwarded-For': '192.0.2.99, 203.0.113.9, 10.9.9.9' })).status, 429);
});

test('from anybody else the headers are ignored', async () => {
  const open = await startServer({ flags: ['--trusted-proxies', '10.0.0.0/8', '--enroll-refusals-per-minute', '1'] });
  try {
    const bearer = devToken(open);
    const created = await graph(open, 'POST', profilesPath,
      { token: bearer, body: { displayName: 'Inside' }, headers: forwarded('203.0.113.9') });
    assert.ok(created.json['@odata.context'].startsWith(`${open.url}/v1.0/$metadata#`));
    assert.equal(created.headers['strict-transport-security'], undefined);
    assert.equal(await audited(open, bearer), '127.0.0.1');
    assert.equal((await guess(open, forwarded('203.0.113.9'))).status, 403);
    assert.equal((await guess(open, forwarded('203.0.113.10'))).status, 429);
  } finally {
    await open.stop();
  }
});

const modeOf = (path) => statSync(path).mode & 0o777;

test('a proxy may be at the other end of a Unix socket', async () => {
  const directory = makeDirectory();
  const socketPath = join(directory, 'http.sock');
  const socket = await startServer({
    dataDirectory: directory, dev: false, listen: `unix:${socketPath}`, flags: ['--trusted-proxies', 'local'],
  });
  try {
    // The proxy is another user, in the socket's group.
    assert.equal(modeOf(socketPath), 0o660);
    const answer = await new Promise((resolve, reject) => {
      http.get({ socketPath, path: `/v1.0${profilesPath}`, headers: forwarded('203.0.113.9') }, (response) => {
        response.resume();
        response.on('end', () => resolve(response));
      }).on('error', reject);
    });
    assert.equal(answer.statusCode, 401);
    assert.match(answer.headers['strict-transport-security'], /^max-age=/);
  } finally {
    await socket.stop();
  }
  assert.match(socket.log, /peer=203\.0\.113\.9/);
});

test('who may open the Unix sockets is the operator\'s to say, but the administrator\'s stays closed', async () => {
  const directory = makeDirectory();
  const paths = ['http.sock', 'ops.sock'].map((name) => join(directory, name));
  const socket = await startServer({
    dataDirectory: directory, dev: false, listen: `unix:${paths[0]}`, opsListen: `unix:${paths[1]}`, flags: ['--socket-mode', '0666'],
  });
  try {
    for (const path of paths) assert.equal(modeOf(path), 0o666);
    assert.equal(modeOf(join(directory, 'admin.sock')), 0o600);
  } finally {
    await socket.stop();
    rmSync(directory, { recursive: true });
  }
});

test('without a Host header addresses are those of the listener', async () => {
  const answer = await sendRaw(server.url,
    `GET /v1.0${profilesPath} HTTP/1.0\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  assert.match(answer, /^HTTP\/1\.1 200 /);
  assert.ok(answer.includes(`"@odata.context":"${server.url}/v1.0/$metadata#`), answer);
});
