// Every client command: what it prints in each form, and its exit code.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnvironment, demoTenant, devToken, run, startServer } from './support/server.mjs';
import { createProfile, createToken, enroll } from './support/http.mjs';

let server;
let environment;
let devices;
before(async () => {
  server = await startServer();
  environment = { MUSTER_URL: server.url, MUSTER_TOKEN: devToken(server) };
  devices = { MUSTER_URL: server.url, MUSTER_TOKEN: devToken(server, '--scope', 'DeviceManagementManagedDevices.ReadWrite.All') };
});
after(() => server.stop());

const muster = (...flags) => run(flags, { environment });
const done = (result) => {
  assert.equal(result.code, 0, result.err);
  return result.out;
};

test('profile: create, show, list, update and delete', () => {
  const id = done(muster('profile', 'create', '--name', 'Kiosks', '--description', 'front desk', '-o', 'value')).trim();
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert.match(done(muster('profile', 'show', id)), /name\s+Kiosks\n/);
  assert.equal(done(muster('profile', 'show', id, '--field', 'description', '-o', 'value')), 'front desk\n');
  assert.equal(JSON.parse(done(muster('profile', 'show', id, '-o', 'json'))).displayName, 'Kiosks');
  assert.match(done(muster('profile', 'list')), new RegExp(`^ID .*NAME\\n(.*\\n)*${id} .*Kiosks\\n`, 'm'));
  assert.ok(done(muster('profile', 'list', '-o', 'value')).split('\n').includes(id));
  assert.ok(JSON.parse(done(muster('profile', 'list', '-o', 'json'))).some((profile) => profile.id === id));
  assert.equal(JSON.parse(done(muster('profile', 'update', id, '--name', 'Tills', '-o', 'json'))).displayName, 'Tills');
  assert.equal(JSON.parse(done(muster('profile', 'show', id, '--beta', '-o', 'json'))).description, 'front desk');
  assert.equal(done(muster('profile', 'delete', id)), '');
  const gone = muster('profile', 'show', id);
  assert.equal(gone.code, 1);
  assert.match(gone.err, /^muster: Resource not found.*\(404 ResourceNotFound, request-id [0-9a-f-]{36}\)\n$/);
});

test('token: create, show and revoke', () => {
  const id = done(muster('profile', 'create', '--name', 'Tokens', '-o', 'value')).trim();
  const none = muster('token', 'show', id);
  assert.equal(none.code, 1);
  assert.match(none.err, /no live token/);
  const value = done(muster('token', 'create', id, '--validity', '15m', '-o', 'value')).trim();
  assert.match(value, /^[0-9A-Z]{26}$/);
  assert.equal(done(muster('token', 'show', id, '-o', 'value')).trim(), value);
  const shown = JSON.parse(done(muster('token', 'show', id, '-o', 'json')));
  const left = Date.parse(shown.tokenExpirationDateTime) - Date.now();
  assert.ok(left > 13 * 60000 && left <= 15 * 60000);
  done(muster('token', 'revoke', id));
  assert.equal(muster('token', 'show', id).code, 1);
});

test('profile and token of the other set: --set device-owner, or a flag that only it has', () => {
  const id = done(muster('profile', 'create', '--name', 'Tills', '--mode', 'corporateOwnedFullyManaged',
    '--name-template', 'Till-{{SERIAL}}', '-o', 'value')).trim();
  const owner = ['--set', 'device-owner'];
  assert.match(done(muster('profile', 'list', ...owner)), new RegExp(`^ID .*MODE.*NAME\\n(.*\\n)*${id}  corporateOwnedFullyManaged .*Tills\\n`, 'm'));
  assert.equal(done(muster('profile', 'update', id, '--token-type', 'deviceStaging', '-o', 'value')).trim(), id);
  assert.match(done(muster('profile', 'show', id, ...owner)), /token type\s+deviceStaging\n/);
  assert.equal(muster('profile', 'show', id).code, 1);
  assert.match(done(muster('token', 'create', id, ...owner, '-o', 'value')), /^[0-9A-Z]{26}\n$/);
  assert.match(done(muster('token', 'list', ...owner)), new RegExp(`${id}  corporateOwnedFullyManaged`));
  assert.doesNotMatch(done(muster('token', 'list')), new RegExp(id));
  done(muster('token', 'revoke', id, ...owner));
  const wrong = muster('profile', 'update', id, '--mode', 'fullyManaged');
  assert.equal(wrong.code, 1);
  assert.match(wrong.err, /'enrollmentMode' must be one of 'corporateOwnedDedicatedDevice'/);
  assert.equal(done(muster('profile', 'delete', id, ...owner)), '');
});

test('device: list, show and retire', async () => {
  const profile = await createProfile(server, environment.MUSTER_TOKEN, 'Devices');
  const { tokenValue } = await createToken(server, environment.MUSTER_TOKEN, profile.id);
  const { deviceId } = (await enroll(server, tokenValue, { serialNumber: 'CLI-1', model: 'Pixel\u001b[31m 8' })).json;
  assert.match(done(run(['device', 'list'], { environment: devices })), new RegExp(`${deviceId}.*registered.*Devices.*CLI-1`));
  const shown = done(run(['device', 'show', deviceId], { environment: devices }));
  assert.match(shown, /model\s+Pixel\\x1b\[31m 8\n/);
  done(run(['device', 'retire', deviceId], { environment: devices }));
  assert.match(done(run(['device', 'list'], { environment: devices })), new RegExp(`${deviceId}.*revoked`));
});

test('tenant: add, list, license and unlicense, over the administration socket', () => {
  const id = '88888888-8888-8888-8888-888888888888';
  const manage = (...flags) => run(['tenant', ...flags, '--data-dir', server.directory]);
  done(manage('add', id, '--name', 'Exämple Ltd'));
  const again = manage('add', id);
  assert.equal(again.code, 1);
  assert.match(again.err, /409 Conflict/);
  assert.match(done(manage('list')), new RegExp(`${id}\\s+true\\s+\\S+Z\\s+Exämple Ltd\\n`));
  done(manage('unlicense', id));
  assert.equal(JSON.parse(done(manage('list', '-o', 'json'))).find((tenant) => tenant.accountId === id).licensed, false);
  done(manage('license', id));
  assert.equal(manage('add', 'not-a-guid').code, 1);
  assert.match(manage('add', '00000000-0000-0000-0000-000000000000').err, /other than zero/);
  assert.match(manage('license', '00000000-0000-0000-0000-000000000009').err, /404/);
});

test('tenant strangers: devices that were refused with a token of no tenant', async () => {
  const manage = (...flags) => run(['tenant', 'strangers', ...flags, '--data-dir', server.directory]);
  for (let i = 0; i < 103; i += 1) await enroll(server, 'nonsense', { serialNumber: `STRANGER-${i}` });
  const table = done(manage('--limit', '2')).trim().split('\n');
  assert.equal(table.length, 3);
  assert.match(table[1], /Z\s+Failure\s+127\.0\.0\.1\s+STRANGER-102\s+unknown/);
  const events = JSON.parse(done(manage('--limit', '103', '-o', 'json')));
  assert.deepEqual(events.map(({ device }) => device), Array.from({ length: 103 }, (_, i) => `STRANGER-${102 - i}`));
  assert.ok(!JSON.stringify(events).includes('nonsense'));
  assert.equal(manage('--limit', '0').code, 2);
});

test('a bearer token may come from a file', () => {
  const file = join(server.directory, 'bearer.txt');
  writeFileSync(file, `${environment.MUSTER_TOKEN}\n`);
  const result = run(['profile', 'list', '--url', `${server.url}/`, '--token-file', file]);
  done(result);
});

test('HTTPS is verified, by the CA that is named', () => {
  const secure = { ...environment, MUSTER_URL: server.tlsUrl };
  const unknown = run(['profile', 'list'], { environment: secure });
  assert.equal(unknown.code, 3);
  assert.match(unknown.err, /cannot be reached/);
  done(run(['profile', 'list'], { environment: { ...secure, MUSTER_CA_FILE: join(server.directory, 'dev-ca.pem') } }));
});

const misuses = [
  [['nonsense'], /no command 'nonsense'/],
  [['profile'], /say what to do/],
  [['profile', 'nonsense'], /unknown verb/],
  [['profile', 'show'], /id is missing/],
  [['profile', 'list', '--nonsense'], /no flag '--nonsense'/],
  [['profile', 'list', '-o', 'xml'], /json, table or value/],
  [['profile', 'list', 'too', 'many'], /unexpected argument/],
  [['token', 'create', 'x', '--validity', '0'], /90s, 15m, 24h/],
  [['token', 'create', 'x', '--validity'], /needs a value/],
  [['dev-token', '--tenant', 'x'], /must be a GUID/],
  [['dev-token', '--expires-in', 'soon'], /number of seconds/],
  [['serve', '--nonsense'], /no flag '--nonsense'/],
  [['serve', '--loops', '0'], /from 1 to 64/],
  [['serve', '--dev', '--listen', '0.0.0.0:8080'], /loopback only/],
  [['serve', '--store', 'mysql'], /must be sqlite/],
  [['serve', '--dev', '--listen', '127.0.0.1:65535'], /up to 65534/],
  [['serve', '--dev', '--listen', 'unix:/tmp/muster-never.sock'], /up to 65534/],
];
for (const [flags, message] of misuses) {
  test(`muster ${flags.join(' ')} is wrong usage`, () => {
    const result = muster(...flags);
    assert.equal(result.code, 2, result.err);
    assert.match(result.err, message);
    assert.equal(result.out, '');
  });
}

test('a server that is not there is exit code 3', () => {
  const result = run(['profile', 'list'], { environment: { ...environment, MUSTER_URL: 'http://127.0.0.1:9' } });
  assert.equal(result.code, 3);
  assert.match(result.err, /http:\/\/127\.0\.0\.1:9 cannot be reached/);
  assert.equal(run(['tenant', 'list', '--data-dir', '/nonexistent']).code, 3);
});

test('no bearer token is said so, and none is ever printed', () => {
  const missing = run(['profile', 'list'], { environment: { MUSTER_URL: server.url } });
  assert.equal(missing.code, 2);
  assert.match(missing.err, /MUSTER_TOKEN/);
  const wrong = run(['profile', 'list'], { environment: { ...environment, MUSTER_TOKEN: 'secret-of-mine' } });
  assert.equal(wrong.code, 1);
  assert.doesNotMatch(wrong.err + wrong.out, /secret-of-mine/);
});

test('help and version', () => {
  for (const flags of [[], ['help'], ['--help']]) assert.match(done(run(flags)), /muster COMMAND/);
  assert.match(done(run(['--version'])), /^muster \d+\.\d+\.\d+\n$/);
  for (const command of ['serve', 'dev-token', 'tenant', 'profile', 'token', 'device']) {
    const help = done(run([command, '--help']));
    assert.match(help, /Example: /);
    assert.equal(done(run(['help', command])), help);
  }
});

test('the tour that --dev prints works line by line when it is pasted', () => {
  const tour = server.output.split('\n').filter((line) => line.startsWith('  ')).join('\n');
  const script = join(server.directory, 'tour.sh');
  writeFileSync(script, `set -eu\n${tour}\n`);
  const shell = runShell(script);
  assert.equal(shell.status, 0, shell.stderr);
  assert.match(shell.stdout, /HTTP\/1\.1 204 No Content/);
  assert.match(shell.stdout, /HTTP\/1\.1 201 Created/);
  assert.match(shell.stdout, /R58M12345/);
});

test('the demo tenant is there, with a licence', () => {
  const tenants = JSON.parse(done(run(['tenant', 'list', '-o', 'json', '--data-dir', server.directory])));
  assert.equal(tenants.find((tenant) => tenant.accountId === demoTenant).licensed, true);
});

function runShell(script) {
  return spawnSync('sh', [script], { encoding: 'utf8', env: cleanEnvironment() });
}
