// The backup as docs/operations.md has it, taken while the server works, and put back.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnvironment, devToken, makeDirectory, startServer } from './support/server.mjs';
import { createProfile, createToken, enroll, graph, profilesPath } from './support/http.mjs';

const backupMilliseconds = 60000;
const callersAtOnce = 4;

// So large that a copy in parts never gets through between two changes.
const filling = `PRAGMA synchronous = OFF;
  INSERT INTO audit (at, activity, result, actor_kind, details)
  WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
  SELECT 1, 7, 0, 1, hex(randomblob(1500)) FROM n;`;

// The indented lines under the heading, for other directories.
function documentedBackup(directories) {
  const text = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const section = text.split('\n## Backup and restore\n')[1].split('\n## ')[0];
  const lines = section.split('\n').filter((line) => line.startsWith('    '));
  return Object.entries(directories).reduce(
    (script, [name, directory]) => script.replaceAll(`${name}/`, `${directory}/`), `set -e\n${lines.join('\n')}\n`);
}

function runScript(script) {
  const child = spawn('sh', ['-c', script], { env: cleanEnvironment(), detached: true });
  let said = '';
  child.stderr.on('data', (data) => { said += data; });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, said }));
    // The whole group: what the shell runs, too.
    setTimeout(() => { if (child.exitCode === null) process.kill(-child.pid, 'SIGKILL'); }, backupMilliseconds).unref();
  });
}

// Until stop.now; resolves to the number of tokens that were made.
async function makeTokens(server, token, profile, stop) {
  let made = 0;
  for (; !stop.now; made++) {
    const answer = await graph(server, 'POST', `${profilesPath}/${profile.id}/createToken`,
      { token, body: { tokenValidityInSeconds: 3600 } });
    assert.equal(answer.status, 204);
  }
  return made;
}

test('the documented backup ends while tokens are made, and can be put back', async () => {
  const directory = makeDirectory();
  try {
    const places = Object.fromEntries(['data', 'backup', 'safe', 'restored'].map((name) => [name, join(directory, name)]));
    Object.values(places).forEach((path) => mkdirSync(path));
    await (await startServer({ dataDirectory: places.data })).stop();
    assert.equal(spawnSync('sqlite3', [join(places.data, 'muster.db'), filling]).status, 0);

    let server = await startServer({ dataDirectory: places.data });
    const token = devToken(server);
    const kept = await createProfile(server, token, 'Kept');
    const value = (await createToken(server, token, kept.id)).tokenValue;
    const busy = await createProfile(server, token, 'Busy');
    const stop = { now: false };
    const load = Promise.all(Array.from({ length: callersAtOnce }, () => makeTokens(server, token, busy, stop)));
    const result = await runScript(documentedBackup(
      { '/var/lib/muster': places.data, '/backup': places.backup, '/safe': places.safe }));
    stop.now = true;
    const made = (await load).reduce((sum, count) => sum + count, 0);
    await server.stop();
    assert.deepEqual(result, { code: 0, signal: null, said: '' });
    assert.ok(made > 0);

    const copy = join(places.backup, readdirSync(places.backup)[0]);
    const key = join(places.safe, 'token.key');
    for (const path of [copy, key]) assert.equal(statSync(path).mode & 0o777, 0o600, path);

    copyFileSync(copy, join(places.restored, 'muster.db'));
    copyFileSync(key, join(places.restored, 'token.key'));
    // Of a server with --dev only: it would not take the data of one without.
    copyFileSync(join(places.data, 'dev-issuer.jwk'), join(places.restored, 'dev-issuer.jwk'));
    server = await startServer({ dataDirectory: places.restored });
    assert.equal((await enroll(server, value)).status, 201);
    await server.stop();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
