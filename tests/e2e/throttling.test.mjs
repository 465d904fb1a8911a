// Rule G38: who calls too much is told to wait, and a client that does so gets its work done.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cleanEnvironment, devToken, run, startServer } from './support/server.mjs';
import { graph, profilesPath, send } from './support/http.mjs';

const otherTenant = '22222222-2222-2222-2222-222222222222';

async function withServer(flags, use) {
  const server = await startServer({ flags });
  try {
    await use(server, devToken(server));
  } finally {
    await server.stop();
  }
}

async function countThrottled(server) {
  const { text } = await send(server.opsUrl, { path: '/metrics' });
  return Number(/^muster_graph_throttled_total (\d+)$/m.exec(text)[1]);
}

test("G38 too many changes are answered 429 in Graph's form, and reading goes on", () =>
  withServer(['--throttle-span-seconds', '3600', '--throttle-changes-per-app', '2'], async (server, token) => {
    const change = (options = {}) => graph(server, 'POST', profilesPath, { token, body: { displayName: 'x' }, ...options });
    assert.equal((await change()).status, 201);
    assert.equal((await change({ version: 'beta' })).status, 201);
    const id = '00000000-0000-4000-8000-000000000000';
    const refused = await change({ headers: { 'client-request-id': id } });
    assert.equal(refused.status, 429);
    assert.equal(refused.json.error.code, 'TooManyRequests');
    assert.match(refused.json.error.message, /^Too many changes: an application in a tenant may make 2 at once\. Try again in \d+ seconds\.$/);
    assert.equal(refused.json.error.innerError['client-request-id'], id);
    assert.match(refused.headers['retry-after'], /^\d+$/);
    assert.ok(Number(refused.headers['retry-after']) > 1 && Number(refused.headers['retry-after']) <= 1800);
    assert.equal(refused.headers['content-type'], 'application/json');
    // What would be refused for another reason is not looked at either.
    assert.equal((await change({ body: '{' })).status, 429);
    assert.equal((await graph(server, 'DELETE', `${profilesPath}/${id}`, { token })).status, 429);
    assert.equal((await graph(server, 'GET', profilesPath, { token })).status, 200);
    assert.equal((await graph(server, 'PUT', profilesPath, { token })).status, 405);
    // Another tenant has limits of its own; this one is not known here.
    const stranger = devToken(server, '--tenant', otherTenant);
    assert.equal((await change({ token: stranger })).status, 403);
    assert.equal((await change({ token: 'nonsense' })).status, 401);
    assert.equal(await countThrottled(server), 3);
    assert.match(server.log, /outcome=throttled/);
  }));

test('in a batch each request counts, and the batch itself does not', () =>
  withServer(['--throttle-span-seconds', '3600', '--throttle-changes-per-app', '2'], async (server, token) => {
    const create = (id) => ({
      id, method: 'POST', url: profilesPath, headers: { 'Content-Type': 'application/json' }, body: { displayName: id },
    });
    const run = (requests) => graph(server, 'POST', '/$batch', { token, body: { requests } });
    const first = await run([create('a'), create('b'), create('c'), { id: 'd', method: 'GET', url: profilesPath }]);
    assert.equal(first.status, 200, first.text);
    const answers = Object.fromEntries(first.json.responses.map((one) => [one.id, one]));
    assert.deepEqual(Object.values(answers).map(({ status }) => status).sort(), [200, 201, 201, 429]);
    const refused = first.json.responses.find(({ status }) => status === 429);
    assert.match(refused.headers['Retry-After'], /^\d+$/);
    assert.equal(refused.body.error.code, 'TooManyRequests');
    assert.equal((await run([{ id: 'd', method: 'GET', url: profilesPath }])).json.responses[0].status, 200);
  }));

test('calls of a tenant are counted together, whoever makes them', () =>
  withServer(['--throttle-span-seconds', '3600', '--throttle-calls-per-tenant', '3'], async (server, token) => {
    const read = (bearer) => graph(server, 'GET', profilesPath, { token: bearer });
    assert.equal((await read(token)).status, 200);
    assert.equal((await read(devToken(server, '--user', 'somebody@contoso.example'))).status, 200);
    assert.equal((await read(token)).status, 200);
    const refused = await read(token);
    assert.equal(refused.status, 429);
    assert.match(refused.json.error.message, /^Too many requests: the applications of a tenant together may make 3 at once/);
  }));

test('a client command waits when it is not for long, and says so', async () => {
  const create = (server, token) => run(['profile', 'create', '--name', 'x', '-o', 'value'],
    { environment: { MUSTER_URL: server.url, MUSTER_TOKEN: token } });
  await withServer(['--throttle-span-seconds', '1', '--throttle-changes-per-app', '1'], (server, token) => {
    for (let i = 0; i < 4; i += 1) {
      const { code, err } = create(server, token);
      assert.equal(code, 0, err);
      assert.match(err, /^(muster: the server takes no more requests for now \(429 TooManyRequests\); trying again in \d+ s\n)*$/);
    }
  });
  await withServer(['--throttle-span-seconds', '3600', '--throttle-changes-per-app', '1'], (server, token) => {
    assert.equal(create(server, token).code, 0);
    const { code, err } = create(server, token);
    assert.equal(code, 1);
    assert.match(err, /^muster: Too many changes: .* Try again in \d+ seconds\. \(429 TooManyRequests, request-id [0-9a-f-]{36}\)\n$/);
  });
});

test('the limit is exact whichever loops the connections are on', () =>
  withServer(['--throttle-span-seconds', '3600', '--throttle-changes-per-app', '10', '--loops', '4'], async (server, token) => {
    // Without an agent each call has a connection of its own.
    const answers = await Promise.all(Array.from({ length: 60 }, () =>
      graph(server, 'POST', profilesPath, { token, body: { displayName: 'x' } })));
    assert.equal(answers.filter(({ status }) => status === 201).length, 10);
    assert.equal(answers.filter(({ status }) => status === 429).length, 50);
    assert.equal(await countThrottled(server), 50);
  }));

test('with --dev nobody is throttled unless the limits are set', () =>
  withServer([], async (server, token) => {
    for (let i = 0; i < 210; i += 1)
      assert.equal((await graph(server, 'DELETE', `${profilesPath}/${otherTenant}`, { token })).status, 404);
    assert.equal(await countThrottled(server), 0);
  }));

test("G37, G38 Microsoft's client waits for as long as Retry-After says and gets its work done", () =>
  withServer(['--throttle-span-seconds', '2', '--throttle-changes-per-app', '2', '--loops', '2'], async (server, token) => {
    const script = fileURLToPath(new URL('./support/graph_sdk_throttled.mjs', import.meta.url));
    const result = spawnSync(process.execPath, [script], {
      encoding: 'utf8',
      env: cleanEnvironment({
        NODE_EXTRA_CA_CERTS: join(server.directory, 'dev-ca.pem'),
        GRAPH_BASE: server.tlsUrl, GRAPH_VERSION: 'beta', GRAPH_TOKEN: token,
      }),
    });
    assert.equal(result.status, 0, result.stderr);
    const { answers, created } = JSON.parse(result.stdout);
    assert.deepEqual(created, ['one', 'two', 'three', 'four']);
    const throttled = answers.filter(({ status }) => status === 429);
    assert.equal(answers.length - throttled.length, 4);
    for (const { retryAfter } of throttled) assert.equal(retryAfter, '1');
    assert.equal(await countThrottled(server), throttled.length);
  }));
