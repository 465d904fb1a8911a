// Whoever reads the log may stop doing so: the server goes on.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import http from 'node:http';
import { startServer, until } from './support/server.mjs';
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
