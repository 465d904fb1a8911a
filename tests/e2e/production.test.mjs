// As it runs for real: no --dev, a certificate, an issuer of one's own, a tenant added by hand.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { cleanEnvironment, makeDirectory, run, startServer } from './support/server.mjs';
import { profilesPath, send } from './support/http.mjs';
import { audience, delegatedToken, makeSigningKey, startProvider } from './support/provider.mjs';

const tenant = 'abababab-abab-abab-abab-abababababab';
const write = 'DeviceManagementConfiguration.ReadWrite.All';

// Certificates as an operator would have them made; openssl is the tool they would use.
function makeCertificate(directory, name) {
  const result = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
    '-nodes', '-days', '2', '-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1',
    '-keyout', join(directory, `${name}.key`), '-out', join(directory, `${name}.pem`)],
  { encoding: 'utf8', env: cleanEnvironment() });
  assert.equal(result.status, 0, result.stderr);
}

test('a server with its own certificate, issuer and tenant does the whole job over HTTPS', async () => {
  const files = makeDirectory();
  makeCertificate(files, 'first');
  makeCertificate(files, 'second');
  copyFileSync(join(files, 'first.pem'), join(files, 'tls.pem'));
  copyFileSync(join(files, 'first.key'), join(files, 'tls.key'));
  const provider = await startProvider({ keys: [await makeSigningKey('only')], scopes: [write], claims: { tid: tenant } });
  const server = await startServer({
    dev: false,
    flags: ['--tls-cert', join(files, 'tls.pem'), '--tls-key', join(files, 'tls.key')],
    config: `[issuer sso]\nissuer = ${provider.issuer}\naudience = ${audience}\nmapping = generic\ntenant-claim = tid\n`,
  });
  const url = server.url.replace('http:', 'https:');
  const ask = async (method, path, options = {}) => send(url, {
    method, path: `/v1.0${path}`, ca: readFileSync(join(files, 'tls.pem')),
    headers: { Authorization: `Bearer ${server.bearer}`, 'Content-Type': 'application/json' }, ...options,
  });
  try {
    assert.equal(server.fields.listen_tls, undefined);
    for (let tries = 0; tries < 200 && (await send(server.opsUrl, { path: '/readyz' })).status !== 200; tries += 1)
      await sleep(50);
    server.bearer = server.keepSecret(await delegatedToken(provider, write));
    assert.equal((await ask('GET', profilesPath)).status, 403);
    assert.equal(run(['tenant', 'add', tenant, '--data-dir', server.directory]).code, 0);
    const created = await ask('POST', profilesPath, { body: '{"displayName": "For real"}' });
    assert.equal(created.status, 201, created.text);
    const made = await ask('POST', `${profilesPath}/${created.json.id}/createToken`, { body: '{"tokenValidityInSeconds": 60}' });
    assert.equal(made.status, 204);

    copyFileSync(join(files, 'second.pem'), join(files, 'tls.pem'));
    copyFileSync(join(files, 'second.key'), join(files, 'tls.key'));
    await assert.rejects(ask('GET', profilesPath), /self-signed|certificate/);
    server.child.kill('SIGHUP');
    let renewed;
    for (let tries = 0; tries < 100 && renewed?.status !== 200; tries += 1) {
      renewed = await ask('GET', profilesPath).catch(() => undefined);
      await sleep(20);
    }
    assert.equal(renewed?.status, 200);
    await assert.rejects(send(server.url, { path: '/v1.0/x' }));
  } finally {
    await server.stop();
    assert.doesNotMatch(server.log, /no issuer is configured/);
    await provider.stop();
    rmSync(files, { recursive: true, force: true });
  }
});

test('the built-in issuer is not believed without --dev', async () => {
  const directory = makeDirectory();
  const token = run(['dev-token', '--data-dir', directory]).out.trim();
  const server = await startServer({ dev: false, dataDirectory: directory });
  try {
    const answer = await send(server.url, { path: `/v1.0${profilesPath}`, headers: { Authorization: `Bearer ${token}` } });
    assert.equal(answer.status, 401);
    assert.equal(server.output, '');
    assert.match(server.log, /level=warning event="no issuer is configured"/);
  } finally {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
});

test('--dev keeps its hands off the data of a production server', async () => {
  const directory = makeDirectory();
  try {
    const production = await startServer({ dev: false, dataDirectory: directory });
    assert.equal(run(['tenant', 'add', tenant, '--data-dir', directory]).code, 0);
    await production.stop();
    const before = readdirSync(directory).sort();
    const failure = await startServer({ dataDirectory: directory }).then((server) => server.stop(), (error) => error);
    assert.match(failure.log ?? 'it started', /data of a server without --dev/);
    assert.deepEqual(readdirSync(directory).sort(), before);
    // A copy to try things out with becomes one by intent.
    assert.equal(run(['dev-token', '--data-dir', directory]).code, 0);
    await (await startServer({ dataDirectory: directory })).stop();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

for (const [name, flags, message] of [
  ['a certificate without its key', (files) => ['--tls-cert', join(files, 'a.pem')], /belong together/],
  ['a certificate that is not there', () => ['--tls-cert', '/nonexistent.pem', '--tls-key', '/nonexistent.key'], /\/nonexistent\.pem/],
  ['a key of another certificate', (files) => ['--tls-cert', join(files, 'a.pem'), '--tls-key', join(files, 'b.key')], /b\.key/],
]) {
  test(`${name} keeps the server from starting, and the message names it`, async () => {
    const files = makeDirectory();
    makeCertificate(files, 'a');
    makeCertificate(files, 'b');
    const failure = await startServer({ dev: false, flags: flags(files) }).then((server) => server.stop(), (error) => error);
    assert.match(failure.log ?? 'it started', message);
    rmSync(files, { recursive: true, force: true });
  });
}
