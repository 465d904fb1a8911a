// The server as a process and as an HTTP server: signals, logs, TLS, limits, broken requests.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import net from 'node:net';
import { cleanEnvironment, devToken, makeDirectory, muster, run, startServer, until } from './support/server.mjs';
import { graph, profilesPath, send, sendRaw } from './support/http.mjs';

let server;
let token;
before(async () => {
  server = await startServer();
  token = devToken(server);
});
after(() => server.stop());

test('livez, readyz and metrics answer on the listener of their own', async () => {
  assert.equal((await send(server.opsUrl, { path: '/livez' })).text, 'ok\n');
  assert.equal((await send(server.opsUrl, { path: '/readyz' })).text, 'ok\n');
  const metrics = await send(server.opsUrl, { path: '/metrics' });
  assert.match(metrics.text, /^# TYPE muster_bearer_cache_hits_total counter$/m);
  const read = (text, name) => Number(text.split('\n').find((line) => line.startsWith(`${name} `)).split(' ')[1]);
  assert.ok(read(metrics.text, 'muster_http_connections_open') >= 1);
  assert.equal((await send(server.opsUrl, { path: '/nothing' })).status, 404);
  const later = (await send(server.opsUrl, { path: '/metrics' })).text;
  for (const [name, more] of [['muster_http_requests_total', 2], ['muster_http_responses_total{class="4xx"}', 1],
    ['muster_http_responses_total{class="2xx"}', 1], ['muster_http_connections_refused_total', 0]])
    assert.equal(read(later, name) - read(metrics.text, name), more, name);
  const own = ['muster_bearer_cache_entries_limit', 'muster_issuer_keys_age_seconds{issuer="dev"}'];
  assert.equal(read(later, own[0]) % 4096, 0);
  assert.ok(read(later, own[0]) > 0);
  assert.ok(read(later, own[1]) >= 0);
  // Scans and probes are not refused tokens; two tokens are, whatever they are worth.
  const count = async (name) => read((await send(server.opsUrl, { path: '/metrics' })).text, name);
  const counted = [await count('muster_bearer_missing_total'), await count('muster_bearer_refused_total')];
  assert.equal((await graph(server, 'GET', profilesPath)).status, 401);
  assert.equal((await graph(server, 'GET', profilesPath, { token: 'nonsense' })).status, 401);
  assert.match(await sendRaw(server.url, `GET /v1.0${profilesPath} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n`
    + `Authorization: Bearer ${token}\r\nAuthorization: Bearer ${token}\r\n\r\n`), /^HTTP\/1\.1 401 /);
  assert.equal(await count('muster_bearer_missing_total') - counted[0], 1);
  assert.equal(await count('muster_bearer_refused_total') - counted[1], 2);
  assert.equal((await send(server.opsUrl, { path: '/' })).status, 404);
  assert.equal((await send(server.opsUrl, { method: 'POST', path: '/livez' })).status, 405);
  assert.equal((await send(server.url, { path: '/livez' })).status, 404);
});

test('every answer carries a new request-id and the client\'s own id', async () => {
  const id = '0a0a0a0a-0b0b-0c0c-0d0d-0e0e0e0e0e0e';
  const one = await graph(server, 'GET', profilesPath, { token, headers: { 'client-request-id': id } });
  const two = await graph(server, 'GET', profilesPath, { token, headers: { 'client-request-id': 'no guid' } });
  assert.equal(one.headers['client-request-id'], id);
  assert.notEqual(one.headers['request-id'], two.headers['request-id']);
  assert.equal(two.headers['client-request-id'], two.headers['request-id']);
});

// Requests that are broken or too large: the status, and always Graph's error body.
const broken = [
  ['no HTTP', 'nonsense\r\n\r\n', 400],
  ['HTTP/2\'s preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['no Host', 'GET /v1.0/x HTTP/1.1\r\n\r\n', 400],
  ['two Hosts', 'GET /v1.0/x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
  ['a bare line feed in a header', 'GET /v1.0/x HTTP/1.1\nHost: a\n\n', 400],
  ['a folded header', 'GET /v1.0/x HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n', 400],
  ['a blank before the colon', 'GET /v1.0/x HTTP/1.1\r\nHost : a\r\n\r\n', 400],
  ['two lengths', 'POST /v1.0/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx', 400],
  ['a length and chunks', 'POST /v1.0/x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
  ['a negative length', 'POST /v1.0/x HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n', 400],
  ['a broken chunk', 'POST /v1.0/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n', 400],
  ['an encoding that is not known', 'POST /v1.0/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n', 501],
  ['a body that is too large', `POST /v1.0/x HTTP/1.1\r\nHost: a\r\nContent-Length: ${64 * 1024 + 1}\r\n\r\n`, 413],
  ['chunks that are too large together', `POST /v1.0/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n11000\r\n${'x'.repeat(0x11000)}\r\n0\r\n\r\n`, 413],
  ['TLS where plain HTTP is spoken', '\x16\x03\x01\x00\xf4\x01\x00\x00\xf0\x03\x03', 400],
  ['another version of HTTP', 'GET /v1.0/x HTTP/3.0\r\nHost: a\r\n\r\n', 400],
  ['an address that is too long', `GET /v1.0/${'x'.repeat(9000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
  ['a header that is too large', `GET /v1.0/x HTTP/1.1\r\nHost: a\r\nX: ${'y'.repeat(40000)}\r\n\r\n`, 431],
  ['too many headers', `GET /v1.0/x HTTP/1.1\r\nHost: a\r\n${'X: y\r\n'.repeat(200)}\r\n`, 431],
  ['a NUL byte in the address', 'GET /v1.0/\0 HTTP/1.1\r\nHost: a\r\n\r\n', 400],
];
for (const [name, bytes, status] of broken) {
  test(`${name} is ${status} with an error in Graph's form`, async () => {
    const answer = await sendRaw(server.url, bytes);
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), answer.slice(0, 300));
    const { error } = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4));
    assert.equal(typeof error.code, 'string');
    assert.ok(error.message.length > 10);
    assert.match(error.innerError['request-id'], /^[0-9a-f-]{36}$/);
  });
}

// Addresses that a client library would tidy up before sending.
const addresses = [
  ['//deviceManagement', 400], ['/./deviceManagement', 400], ['/deviceManagement/../deviceManagement', 400],
  ['/deviceManagement/androidForWorkEnrollmentProfiles%2Fx', 400], ['/deviceManagement/%zz', 400],
  ['/deviceManagement/nonsense', 400], ['/nonsense', 400],
];
for (const [path, status] of addresses) {
  test(`/v1.0${path} is ${status}`, async () => {
    const answer = await send(server.url, { path: `/v1.0${path}`, headers: { Authorization: `Bearer ${token}` } });
    assert.equal(answer.status, status, answer.text);
    assert.equal(answer.json.error.code, 'BadRequest');
    if (path.endsWith('nonsense'))
      assert.equal(answer.json.error.message, 'Resource not found for the segment \'nonsense\'.');
  });
}

test('the root\'s letter case does not matter', async () => {
  for (const version of ['Beta', 'BETA', 'V1.0'])
    assert.equal((await graph(server, 'GET', profilesPath, { token, version })).status, 200);
});

test('HTTPS serves the same, with HSTS', async () => {
  const ca = readFileSync(join(server.directory, 'dev-ca.pem'));
  const answer = await send(server.tlsUrl, { path: `/v1.0${profilesPath}`, ca, headers: { Authorization: `Bearer ${token}` } });
  assert.equal(answer.status, 200);
  assert.match(answer.headers['strict-transport-security'], /^max-age=\d+/);
  assert.ok(answer.json['@odata.context'].startsWith(`${server.tlsUrl}/v1.0/`));
});

for (const [version, flag, accepted] of [['1.1', '-tls1_1', false], ['1.2', '-tls1_2', true], ['1.3', '-tls1_3', true]]) {
  test(`TLS ${version} is ${accepted ? 'spoken' : 'refused'}`, () => {
    const address = server.tlsUrl.slice('https://'.length);
    const result = spawnSync('openssl', ['s_client', '-connect', address, flag, '-cipher', 'ALL:@SECLEVEL=0'],
      { input: '', encoding: 'utf8', env: cleanEnvironment() });
    const handshake = /Verification|Cipher is (?!\(NONE\))/.test(result.stdout) && !/Cipher is \(NONE\)/.test(result.stdout);
    assert.equal(handshake, accepted, result.stdout + result.stderr);
  });
}

test('what lies in the data directory is for its owner alone', () => {
  for (const name of ['token.key', 'muster.db', 'admin.sock', 'dev-issuer.jwk', 'dev-tls.key', 'dev-ca.key'])
    assert.equal(statSync(join(server.directory, name)).mode & 0o077, 0, name);
});

test('SIGHUP reads certificates again and breaks nothing', async () => {
  server.child.kill('SIGHUP');
  await until('the reload', () => /event=reload/.test(server.log));
  assert.equal((await graph(server, 'GET', profilesPath, { token })).status, 200);
});

// Calls body in the middle of a start, and gives back how the server ended and what it logged.
async function inStart(body) {
  const directory = makeDirectory();
  const file = join(directory, 'muster.ini');
  assert.equal(spawnSync('mkfifo', [file]).status, 0);
  const child = spawn(muster, ['serve', '--dev', '--config', file], { env: cleanEnvironment(), stdio: ['ignore', 'ignore', 'pipe'] });
  const start = { child, log: '' };
  start.ended = new Promise((resolve) => { child.on('close', (code, signal) => resolve({ code, signal })); });
  child.stderr.on('data', (data) => { start.log += data; });
  start.goOn = async (pipe) => {
    await pipe.writeFile(`[server]\ndata-dir = ${directory}/data\nlisten = 127.0.0.1:0\nops-listen = 127.0.0.1:0\n`);
    await pipe.close();
  };
  try {
    // Opened once the server reads it: then it is in the middle of its start, and waits.
    await body(start, await open(file, 'w'));
    return await start.ended;
  } finally {
    child.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  }
}

test('SIGHUP while the server starts does not end it, and counts once it runs', async () => {
  const result = await inStart(async (start, pipe) => {
    start.child.kill('SIGHUP');
    await start.goOn(pipe);
    await Promise.race([start.ended, until('the server', () => /event=ready/.test(start.log))]);
    assert.match(start.log, /event=ready/);
    await until('the reload', () => /event=reload/.test(start.log));
    start.child.kill('SIGTERM');
  });
  assert.deepEqual(result, { code: 0, signal: null });
});

test('SIGTERM while the server starts ends it in order once it has', async () => {
  const result = await inStart(async (start, pipe) => {
    start.child.kill('SIGTERM');
    await start.goOn(pipe).catch(() => {}); // broken where the server has ended
  });
  assert.deepEqual(result, { code: 0, signal: null });
});

test('SIGINT ends a start at once', async () => {
  const result = await inStart(async (start, pipe) => {
    start.child.kill('SIGINT');
    await start.ended;
    await pipe.close();
  });
  assert.deepEqual(result, { code: null, signal: 'SIGINT' });
});

test('SIGTERM finishes what runs, and the process ends with 0', async () => {
  const other = await startServer();
  const bearer = devToken(other);
  const running = Array.from({ length: 50 }, () => graph(other, 'POST', profilesPath, { token: bearer, body: { displayName: 'x' } })
    .then((answer) => answer.status, () => 'closed'));
  assert.equal(await running[0], 201);
  const stopped = other.stop();
  for (const status of await Promise.all(running)) assert.ok(['closed', 201].includes(status), status);
  assert.deepEqual(await stopped, { code: 0, signal: null });
});

test('neither an idle connection nor half a request holds up the stop', async () => {
  const other = await startServer();
  const { hostname: host, port } = new URL(other.url);
  const sockets = await Promise.all(['', 'GET /v1.0/x HTTP/1.1\r\nHos', 'GET /v1.0/x HTTP/1.1\r\nHost: a\r\n\r\n'].map((bytes) =>
    new Promise((resolve, reject) => {
      const socket = net.connect({ host, port }, () => socket.write(bytes, () => resolve(socket)));
      socket.on('error', reject);
    })));
  await new Promise((resolve) => { sockets[2].once('data', resolve); });
  const closed = Promise.all(sockets.map((socket) => new Promise((resolve) => { socket.resume().on('close', resolve).on('error', resolve); })));
  assert.deepEqual(await other.stop(), { code: 0, signal: null });
  await closed;
});

// A client that has had its answer and keeps the connection; resolves with it, or with undefined where it was closed.
const stay = (url) => new Promise((resolve) => {
  const { hostname: host, port } = new URL(url);
  const socket = net.connect({ host, port }, () => socket.write('GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n'));
  socket.once('data', () => resolve(socket)).on('error', () => {}).on('close', () => resolve());
});

test('idle connections do not keep the operator out, and the log says once that they are too many', async () => {
  const full = await startServer({ flags: ['--connections', '16'] });
  const sockets = [];
  try {
    while (sockets.length < 16) sockets.push(await stay(full.url));
    assert.ok(sockets.every((socket) => socket !== undefined));
    for (let i = 0; i < 3; i += 1) assert.equal(await stay(full.url), undefined);
    assert.equal((await send(full.opsUrl, { path: '/livez' })).status, 200);
    assert.match((await send(full.opsUrl, { path: '/metrics' })).text, /^muster_http_connections_refused_total 3$/m);
    const tenants = run(['tenant', 'list', '--data-dir', full.directory]);
    assert.equal(tenants.code, 0, tenants.err);
    assert.equal(full.log.match(/event="too many connections"/g)?.length, 1, full.log);
  } finally {
    for (const socket of sockets) socket?.destroy();
    await full.stop();
  }
});

test('connections never take the file descriptors that the operator needs', async () => {
  const poor = await startServer({ dev: false, descriptors: 400, flags: ['--loops', '1'] });
  const sockets = [];
  try {
    while (sockets.length < 400) sockets.push(await stay(poor.url));
    assert.equal((await send(poor.opsUrl, { path: '/livez' })).status, 200);
    const tenants = run(['tenant', 'list', '--data-dir', poor.directory]);
    assert.equal(tenants.code, 0, tenants.err);
    assert.match(poor.log, /level=warning event="fewer connections than configured" configured=20000 connections=\d+ descriptors=400/);
    assert.equal((await send(poor.opsUrl, { path: '/readyz' })).status, 200);
  } finally {
    for (const socket of sockets) socket?.destroy();
    await poor.stop();
  }
});

for (const descriptors of [64, 256]) {
  test(`with ${descriptors} file descriptors the server says how many it needs, and touches nothing`, async () => {
    const directory = makeDirectory();
    const failure = await startServer({ dataDirectory: directory, descriptors, flags: ['--loops', '2'] }).then(
      (started) => started.stop(), (error) => error);
    assert.equal(failure.code, 1, failure.log);
    assert.match(failure.log, new RegExp(`may open ${descriptors} files, and needs at least 288 with 2 event loops: .*LimitNOFILE`));
    assert.deepEqual(readdirSync(directory), []);
    rmSync(directory, { recursive: true });
  });
}

test('the operator\'s own listener is not without bounds either', async () => {
  const other = await startServer();
  const sockets = [];
  try {
    while (sockets.length < 64) sockets.push(await stay(other.opsUrl));
    assert.ok(sockets.every((socket) => socket !== undefined));
    assert.equal(await stay(other.opsUrl), undefined);
    assert.equal((await send(other.url, { path: '/nothing' })).status, 404);
  } finally {
    for (const socket of sockets) socket?.destroy();
    await other.stop();
  }
});

test('SIGINT does the same', async () => {
  const other = await startServer();
  assert.deepEqual(await other.stop('SIGINT'), { code: 0, signal: null });
});

test('the log is logfmt, or JSON with the same fields, and never holds a query', async () => {
  const other = await startServer({ flags: ['--log-format', 'json'] });
  const bearer = devToken(other);
  await graph(other, 'GET', `${profilesPath}?$top=1&secret=of-mine`, { token: bearer });
  await other.stop();
  const lines = other.log.trim().split('\n').map((line) => JSON.parse(line));
  const request = lines.find((line) => line.event === 'request');
  assert.equal(request.status, 200);
  assert.equal(request.path, `/v1.0${profilesPath}`);
  assert.match(request.request_id, /^[0-9a-f-]{36}$/);
  assert.doesNotMatch(other.log, /of-mine/);
});

test('the ready line is printed whatever the log level is', async () => {
  const quiet = await startServer({ flags: ['--log-level', 'error'] });
  await graph(quiet, 'GET', profilesPath, { token: devToken(quiet) });
  await quiet.stop();
  assert.equal(quiet.log.trim().split('\n').length, 1);
});

test('a request in slow pieces and chunks arrives whole', async () => {
  const body = '{"displayName": "in pieces"}';
  const chunks = [...body].map((letter) => `1\r\n${letter}\r\n`).join('');
  const answer = await sendRaw(server.url, `POST /v1.0${profilesPath} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n`
    + `Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${chunks}0\r\n\r\n`);
  assert.match(answer, /^HTTP\/1\.1 201 Created/);
});

test('several requests in one packet are answered in order', async () => {
  const ask = (path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
  const answer = await sendRaw(server.url, `${ask('/nothing')}${ask('/v1.0/x')}${ask('/enroll')}`);
  assert.deepEqual([...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => match[1]), ['404', '401', '405']);
});
