// Many connections: whichever loop the kernel wakes for them, each serves its share.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { once } from 'node:events';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { startServer } from './support/server.mjs';

const loops = 3;
const count = 60;
// A loop hands over only what is clearly too much for it.
const slack = 3;

// How many descriptors each epoll instance of the process watches, the largest first.
function watched(pid) {
  const directory = `/proc/${pid}`;
  return readdirSync(`${directory}/fd`)
    .filter((fd) => readlinkSync(`${directory}/fd/${fd}`) === 'anon_inode:[eventpoll]')
    .map((fd) => readFileSync(`${directory}/fdinfo/${fd}`, 'utf8').match(/^tfd:/gm)?.length ?? 0)
    .sort((a, b) => b - a)
    .slice(0, loops);
}

async function ask(socket) {
  socket.write('GET /livez HTTP/1.1\r\nHost: muster\r\n\r\n');
  const [answer] = await once(socket, 'data');
  return String(answer).split('\r\n')[0];
}

test('connections are spread over the loops, all are served, and a stop ends each', async () => {
  const server = await startServer({ flags: ['--loops', String(loops)] });
  const before = watched(server.child.pid);
  const port = Number(new URL(server.url).port);
  const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1'));
  const ended = sockets.map((socket) => once(socket, 'close'));
  try {
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    const answers = await Promise.all(sockets.map(ask));
    assert.deepEqual([...new Set(answers)], ['HTTP/1.1 404 Not Found']);
    const shares = watched(server.child.pid).map((all, index) => all - before[index]);
    assert.equal(shares.reduce((sum, share) => sum + share, 0), count);
    for (const share of shares)
      assert.ok(Math.abs(share - count / loops) <= slack, `the loops have ${shares.join(', ')} connections`);
  } finally {
    await server.stop();
  }
  await Promise.all(ended);
});
