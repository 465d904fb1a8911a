// What survives a restart, and what keeps the server from starting.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { devToken, makeDirectory, run, startServer } from './support/server.mjs';
import { createProfile, createToken, enroll, graph, profilesPath, send } from './support/http.mjs';

async function inDirectory(body) {
  const directory = makeDirectory();
  try {
    await body(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function refusesToStart(directory, message, options = {}) {
  const error = await startServer({ dataDirectory: directory, ...options }).then(
    (server) => server.stop().then(() => undefined), (failure) => failure);
  assert.ok(error, 'it started');
  assert.match(error.log, message);
  assert.notEqual(error.code, 0);
}

for (const signal of ['SIGTERM', 'SIGKILL']) {
  test(`profiles, tokens and devices survive ${signal}`, async () => {
    await inDirectory(async (directory) => {
      let server = await startServer({ dataDirectory: directory });
      const token = devToken(server);
      const profile = await createProfile(server, token);
      const made = await createToken(server, token, profile.id);
      const device = (await enroll(server, made.tokenValue, { imei: '1' })).json;
      await server.stop(signal);
      server = await startServer({ dataDirectory: directory });
      const read = (await graph(server, 'GET', `${profilesPath}/${profile.id}`, { token })).json;
      assert.equal(read.tokenValue, made.tokenValue);
      assert.equal(read.enrolledDeviceCount, 1);
      assert.equal((await enroll(server, made.tokenValue, { imei: '2' })).status, 201);
      const me = await send(server.url, { path: '/enroll/me', headers: { Authorization: `Bearer ${device.deviceCredential}` } });
      assert.equal(me.json.deviceId, device.deviceId);
      await server.stop();
    });
  });
}

// SQLite reads the log anew only for whoever opens the database first.
test('a start tells of another program that keeps the log from being read anew', async () => {
  await inDirectory(async (directory) => {
    let server = await startServer({ dataDirectory: directory });
    await createProfile(server, devToken(server));
    const shell = spawn('sqlite3', [join(directory, 'muster.db')], { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      shell.stdin.write('SELECT count(*) FROM profiles;\n');
      assert.equal(String((await once(shell.stdout, 'data'))[0]), '1\n');
      assert.doesNotMatch(server.log, /another program/);
      await server.stop('SIGKILL');
      server = await startServer({ dataDirectory: directory });
      assert.match(server.log, /level=warning event="database is open in another program"/);
      shell.stdin.end();
      await once(shell, 'exit');
      await server.stop('SIGKILL');
      server = await startServer({ dataDirectory: directory });
      assert.doesNotMatch(server.log, /another program/);
      await server.stop();
    } finally {
      shell.kill();
      server.child.kill('SIGKILL');
    }
  });
});

test('a second server on the same data directory refuses, and the first goes on', async () => {
  await inDirectory(async (directory) => {
    const first = await startServer({ dataDirectory: directory });
    try {
      await refusesToStart(directory, /another|already|in use/);
      assert.equal((await graph(first, 'GET', profilesPath, { token: devToken(first) })).status, 200);
      assert.equal(run(['tenant', 'list', '--data-dir', directory]).code, 0);
    } finally {
      await first.stop();
    }
  });
});

test('a database of a newer version is refused and left alone', async () => {
  await inDirectory(async (directory) => {
    await (await startServer({ dataDirectory: directory })).stop();
    const database = join(directory, 'muster.db');
    assert.equal(spawnSync('sqlite3', [database, 'PRAGMA user_version = 9999']).status, 0);
    await refusesToStart(directory, /9999/);
    const version = spawnSync('sqlite3', [database, 'PRAGMA user_version'], { encoding: 'utf8' }).stdout.trim();
    assert.equal(version, '9999');
  });
});

test('a file that is no database is refused and left alone', async () => {
  await inDirectory(async (directory) => {
    await (await startServer({ dataDirectory: directory })).stop();
    writeFileSync(join(directory, 'muster.db'), 'not a database '.repeat(1000));
    await refusesToStart(directory, /muster\.db/);
  });
});

test('a token key that is gone is not quietly replaced', async () => {
  await inDirectory(async (directory) => {
    await (await startServer({ dataDirectory: directory })).stop();
    renameSync(join(directory, 'token.key'), join(directory, 'elsewhere'));
    await refusesToStart(directory, /token\.key.*backup/);
    assert.equal(existsSync(join(directory, 'token.key')), false);
    renameSync(join(directory, 'elsewhere'), join(directory, 'token.key'));
    await (await startServer({ dataDirectory: directory })).stop();
  });
});

test('a token key that others may read is refused', async () => {
  await inDirectory(async (directory) => {
    await (await startServer({ dataDirectory: directory })).stop();
    chmodSync(join(directory, 'token.key'), 0o644);
    await refusesToStart(directory, /chmod 600/);
  });
});

test('a configuration that is wrong is refused with file and line', async () => {
  await inDirectory(async (directory) => {
    await refusesToStart(directory, /muster\.ini:2: \[server\] has no key 'listen-to'/, { config: '[server]\nlisten-to = x\n' });
    await refusesToStart(directory, /muster\.ini:2: loops must be a whole number/, { config: '[server]\nloops = many\n' });
    await refusesToStart(directory, /muster\.ini:3: .*entra or generic/, { config: '[issuer a]\nissuer = https://a.example\nmapping = other\n' });
    await refusesToStart(directory, /needs 'audience'/, { config: '[issuer a]\nissuer = https://a.example\n' });
  });
});

test('an address that is taken is refused with its name', async () => {
  await inDirectory(async (directory) => {
    const first = await startServer();
    try {
      await refusesToStart(directory, new RegExp(first.fields.listen), { listen: first.fields.listen });
    } finally {
      await first.stop();
    }
  });
});
