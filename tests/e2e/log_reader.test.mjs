// Whoever reads the log may stop doing so: the server goes on.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import http from 'node:http';
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnvironment, makeDirectory, muster, startServer, until } from './support/server.mjs';
import { send } from './support/http.mjs';

let server;
before(async () => { server = await startServer(); });
after(() => server.stop());

test('a log that nobody reads holds up no request, and says afterwards what it lacks', async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const requests = 1500; // 900 bytes each in the log: more than the pipe and the server keep
  server.child.stderr.pause();
  for (let i = 0; i < requests; i++)
    assert.equal((await send(server.url, { path: `/${'x'.repeat(900)}`, agent })).status, 404);
  assert.equal((await send(server.opsUrl, { path: '/livez' })).text, 'ok\n');
  const metrics = (await send(server.opsUrl, { path: '/metrics' })).text;
  const dropped = Number(/^muster_log_lines_dropped_total (\d+)$/m.exec(metrics)[1]);
  assert.ok(dropped > 0 && dropped < requests, dropped);
  server.child.stderr.resume();
  await until('the log to say what it lacks', () => /event="log lines dropped"/.test(server.log));
  assert.match(server.log, new RegExp(`level=error event="log lines dropped" count=${dropped}$`, 'm'));
  assert.equal(server.log.match(/event=request /g).length + dropped, requests);
  agent.destroy();
});

// The few descriptors make it warn of them before it opens anything.
test('a server whose log nobody reads from its first line on starts all the same', async () => {
  const directory = makeDirectory();
  const socketPath = join(directory, 'ops.sock');
  const child = spawn('sh', ['-c', 'read -r go && ulimit -n 400 && exec "$0" "$@"', muster, 'serve', '--loops', '1',
    '--data-dir', join(directory, 'data'), '--listen', '127.0.0.1:0', '--ops-listen', `unix:${socketPath}`],
  { env: cleanEnvironment(), stdio: ['pipe', 'ignore', 'pipe'] });
  const ended = new Promise((resolve) => { child.on('exit', (code, signal) => resolve({ code, signal })); });
  const isAlive = () => new Promise((resolve) => {
    http.get({ socketPath, path: '/livez' }, (answer) => resolve(answer.resume().statusCode === 200)).on('error', () => resolve(false));
  });
  try {
    child.stderr.destroy();
    child.stdin.end('go\n');
    const early = await Promise.race([ended, until('the server', isAlive)]);
    assert.equal(early, undefined, `it ended: ${JSON.stringify(early)}`);
    child.kill('SIGTERM');
    assert.deepEqual(await ended, { code: 0, signal: null });
  } finally {
    child.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  }
});
