// From token to device: the QR code is scanned by a real decoder, read as the setup wizard reads
// it, and the token in it is redeemed.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnvironment, devToken, makeDirectory, muster, run, startServer } from './support/server.mjs';
import { createProfile, createToken, enroll, graph, profilesPath, send } from './support/http.mjs';
import { readPayload, scan, scanImage } from './support/setup_wizard.mjs';

const cloudDpcKey = 'com.google.android.apps.work.clouddpc.EXTRA_ENROLLMENT_TOKEN';
const annotations = { Prefer: 'odata.include-annotations="muster.*"' };

let server;
let token;
before(async () => {
  server = await startServer();
  token = devToken(server);
});
after(() => server.stop());

const picture = (name) => join(server.directory, `${name}.png`);
const read = async (on, id, bearer, headers) =>
  (await graph(on, 'GET', `${profilesPath}/${id}`, { token: bearer, headers })).json;

test('a device goes the whole way: scan, enroll, check in, be retired, be refused', async () => {
  const made = await createToken(server, token, (await createProfile(server, token)).id);
  const scanned = scanImage(made.qrCodeImage, picture('whole-way'));
  assert.equal(scanned, made.qrCodeContent);
  const { extras } = readPayload(scanned);
  assert.equal(extras[cloudDpcKey], made.tokenValue);
  const device = (await enroll(server, extras[cloudDpcKey], { serialNumber: 'SCANNED' })).json;
  const me = () => send(server.url, { path: '/enroll/me', headers: { Authorization: `Bearer ${device.deviceCredential}` } });
  assert.equal((await me()).status, 200);
  const manager = devToken(server, '--scope', 'DeviceManagementManagedDevices.ReadWrite.All');
  assert.equal((await graph(server, 'POST', `/deviceManagement/managedDevices/${device.deviceId}/retire`, { token: manager })).status, 204);
  assert.equal((await me()).status, 401);
  await graph(server, 'POST', `${profilesPath}/${made.id}/revokeToken`, { token });
  assert.equal((await enroll(server, extras[cloudDpcKey], { serialNumber: 'SCANNED' })).status, 403);
});

test('in --dev the payload is, byte for byte, what Intune and the Android Management API hand out', async () => {
  const made = await createToken(server, token, (await createProfile(server, token)).id);
  assert.equal(made.qrCodeContent, JSON.stringify({
    'android.app.extra.PROVISIONING_DEVICE_ADMIN_COMPONENT_NAME': 'com.google.android.apps.work.clouddpc/.receivers.CloudDeviceAdminReceiver',
    'android.app.extra.PROVISIONING_DEVICE_ADMIN_SIGNATURE_CHECKSUM': 'I5YvS0O5hXY46mb01BlRjq4oJJGs2kuUcHvVkAPEXlg',
    'android.app.extra.PROVISIONING_DEVICE_ADMIN_PACKAGE_DOWNLOAD_LOCATION': 'https://play.google.com/managed/downloadManagingApp?identifier=setup',
    'android.app.extra.PROVISIONING_ADMIN_EXTRAS_BUNDLE': { [cloudDpcKey]: made.tokenValue },
  }));
});

test('there is no code without a live token', async () => {
  const profile = await createProfile(server, token);
  assert.equal(profile.qrCodeContent, null);
  assert.equal(profile.qrCodeImage, null);
  await createToken(server, token, profile.id);
  await graph(server, 'POST', `${profilesPath}/${profile.id}/revokeToken`, { token });
  const revoked = await read(server, profile.id, token);
  assert.equal(revoked.qrCodeContent, null);
  assert.equal(revoked.qrCodeImage, null);
});

test('a list has the content and leaves the picture out', async () => {
  const made = await createToken(server, token, (await createProfile(server, token)).id);
  const list = (await graph(server, 'GET', `${profilesPath}?$top=999`, { token })).json.value;
  const listed = list.find((profile) => profile.id === made.id);
  assert.equal(listed.qrCodeContent, made.qrCodeContent);
  assert.equal(listed.qrCodeImage, null);
});

const custom = {
  preset: 'custom', componentName: 'com.example.kiosk/.AdminReceiver',
  downloadLocation: 'https://files.example.com/kiosk.apk',
  packageChecksum: 'gJD2YwtOiWJHkSMkkIfLRlj-quNqG1fb6v100QmzM9w=',
  serverUrl: 'https://muster.example.com', tokenKey: 'example.TOKEN', adminExtras: { site: 'Köln', floor: 3 },
  leaveAllSystemAppsEnabled: true, skipEncryption: false, locale: 'de_DE', timeZone: 'Europe/Berlin',
  wifiSsid: 'Lager "2"', wifiSecurityType: 'WPA', wifiPassword: 'sehr geheim', wifiHidden: true,
};

test('a profile overrides the server\'s settings, and the Wi-Fi password is never shown again', async () => {
  const created = await graph(server, 'POST', profilesPath,
    { token, body: { displayName: 'Own DPC', '@muster.provisioning': custom }, headers: annotations });
  assert.equal(created.status, 201, created.text);
  const { wifiPassword, ...shown } = custom;
  assert.deepEqual(created.json['@muster.provisioning'], shown);
  const made = await createToken(server, token, created.json.id);
  const scanned = scanImage(made.qrCodeImage, picture('own-dpc'));
  assert.equal(scanned, made.qrCodeContent);
  const { component, payload, extras } = readPayload(scanned);
  assert.equal(component, custom.componentName);
  assert.equal(extras['example.TOKEN'], made.tokenValue);
  assert.equal(extras['muster.SERVER_URL'], custom.serverUrl);
  assert.equal(extras.site, 'Köln');
  assert.equal(extras.floor, 3);
  const key = (name) => payload[`android.app.extra.PROVISIONING_${name}`];
  assert.equal(key('WIFI_SSID'), custom.wifiSsid);
  assert.equal(key('WIFI_PASSWORD'), wifiPassword);
  assert.equal(key('WIFI_HIDDEN'), true);
  assert.equal(key('LOCALE'), 'de_DE');
  assert.equal(key('LEAVE_ALL_SYSTEM_APPS_ENABLED'), true);
  assert.equal((await read(server, created.json.id, token))['@muster.provisioning'], undefined);
});

test('null takes a profile back to the server\'s settings', async () => {
  const created = await graph(server, 'POST', profilesPath,
    { token, body: { displayName: 'x', '@muster.provisioning': custom } });
  const path = `${profilesPath}/${created.json.id}`;
  assert.equal((await graph(server, 'PATCH', path, { token, body: { description: 'y' } })).status, 200);
  await createToken(server, token, created.json.id);
  assert.match((await read(server, created.json.id, token)).qrCodeContent, /com\.example\.kiosk/);
  assert.equal((await graph(server, 'PATCH', path, { token, body: { '@muster.provisioning': null } })).status, 200);
  assert.match((await read(server, created.json.id, token)).qrCodeContent, /clouddpc/);
});

const refused = [
  ['an unknown member', { nonsense: 1 }, 'nonsense'],
  ['a list', { locale: [] }, 'locale'],
  ['a number for a text', { wifiSsid: 12345 }, 'wifiSsid'],
  ['a text for a boolean', { wifiHidden: 'true' }, 'wifiHidden'],
  ['both checksums', { ...custom, signatureChecksum: 'I5YvS0O5hXY46mb01BlRjq4oJJGs2kuUcHvVkAPEXlg' }, 'Checksum'],
  ['a download without a checksum', { ...custom, packageChecksum: undefined }, ''],
  ['a component that does not parse', { ...custom, componentName: 'kiosk' }, 'componentName'],
  ['a Wi-Fi password without a network', { wifiPassword: 'sehr geheim' }, 'wifi'],
  ['extras that no QR code can hold', { ...custom, adminExtras: { text: 'x'.repeat(2850) } }, ''],
];
for (const [name, provisioning, target] of refused) {
  test(`${name} is refused when the profile is written`, async () => {
    const answer = await graph(server, 'POST', profilesPath,
      { token, body: { displayName: 'x', '@muster.provisioning': provisioning } });
    assert.equal(answer.status, 400, answer.text);
    assert.ok(answer.json.error.target.startsWith('@muster.provisioning'), answer.text);
    assert.ok(answer.json.error.target.includes(target), answer.text);
    assert.doesNotMatch(answer.text, /sehr geheim/);
  });
}

test('the longest content is decoded byte for byte', async () => {
  let made;
  for (let length = 2400; length > 0 && made === undefined; length -= 20) {
    const created = await graph(server, 'POST', profilesPath,
      { token, body: { displayName: 'long', '@muster.provisioning': { adminExtras: { text: 'x'.repeat(length) } } } });
    if (created.status === 201) made = await createToken(server, token, created.json.id);
  }
  assert.ok(made.qrCodeContent.length > 2700, `${made.qrCodeContent.length}`);
  assert.equal(scanImage(made.qrCodeImage, picture('long')), made.qrCodeContent);
});

test('muster token show draws, writes and prints the code', async () => {
  const made = await createToken(server, token, (await createProfile(server, token)).id);
  const show = (...flags) => run(['token', 'show', made.id, ...flags], { environment: { MUSTER_URL: server.url, MUSTER_TOKEN: token } });
  const drawn = show('--qr');
  assert.equal(drawn.code, 0, drawn.err);
  assert.match(drawn.out, /[▀▄█]/);
  const png = picture('by-cli');
  assert.equal(show('--png', png).code, 0);
  assert.equal(statSync(png).mode & 0o777, 0o600);
  assert.equal(scan(png), made.qrCodeContent);
  const svg = join(server.directory, 'code.svg');
  assert.equal(show('--svg', svg).code, 0);
  assert.match(readFileSync(svg, 'utf8'), /^<\?xml|^<svg/);
  assert.equal(show('--format', 'qr').out, `${made.qrCodeContent}\n`);
  assert.equal(show('--format', 'knox').out, `${JSON.stringify({ [cloudDpcKey]: made.tokenValue })}\n`);
  const zeroTouch = JSON.parse(show('--format', 'zero-touch').out);
  const { 'android.app.extra.PROVISIONING_DEVICE_ADMIN_PACKAGE_DOWNLOAD_LOCATION': location, ...rest } = JSON.parse(made.qrCodeContent);
  assert.ok(location);
  assert.deepEqual(zeroTouch, rest);
  assert.equal(show('--format', 'nonsense').code, 2);
  assert.equal(show('--png', '/nonexistent/x.png').code, 1);
  assert.equal(show('--png', server.directory).code, 1);
});

// Draws the path of rectangles in an SVG, for the decoder: eight pixels a module.
function rasterize(svg, file) {
  const side = Number(/viewBox="0 0 (\d+) /.exec(svg)[1]);
  const rows = Array.from({ length: side }, () => Array(side).fill(0));
  for (const [, x, y, length] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) rows[y].fill(1, Number(x), Number(x) + Number(length));
  const pixels = rows.flatMap((row) => Array(8).fill(row.flatMap((bit) => Array(8).fill(bit)).join('')));
  writeFileSync(file, `P1\n${side * 8} ${side * 8}\n${pixels.join('\n')}\n`);
}

test('muster token sheet makes labels that can be scanned, whatever the profile is called', async () => {
  const made = await createToken(server, token, (await createProfile(server, token, '<b>Лагер & "Süd"</b>')).id);
  const sheet = (...flags) => run(['token', 'sheet', ...flags], { environment: { MUSTER_URL: server.url, MUSTER_TOKEN: token } });
  const file = join(server.directory, 'labels.html');
  const result = sheet(made.id, '--html', file, '--copies', '3');
  assert.equal(result.code, 0, result.err);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const page = readFileSync(file, 'utf8');
  const labels = [...page.matchAll(/<div class="label">([^]*?)<\/div>/g)].map(([, label]) => label);
  assert.equal(labels.length, 3);
  assert.match(labels[2], /<p class="name">&lt;b&gt;Лагер &amp; &quot;Süd&quot;&lt;\/b&gt;<\/p>/);
  assert.ok(labels[2].includes(`<p class="token">${made.tokenValue}</p>`));
  assert.ok(labels[2].includes(`<p class="expires">until ${made.tokenExpirationDateTime}</p>`));
  rasterize(labels[2], join(server.directory, 'label.pbm'));
  assert.equal(scan(join(server.directory, 'label.pbm')), made.qrCodeContent);
  assert.equal(sheet(made.id).code, 2);
  assert.match(sheet(made.id, '--html', file, '--copies', '601').err, /--copies must be a whole number from 1 to 600/);
  assert.equal(sheet(made.id, '--html', server.directory).code, 1);
  await graph(server, 'POST', `${profilesPath}/${made.id}/revokeToken`, { token });
  assert.match(sheet(made.id, '--html', file).err, /no live token/);
});

// Half blocks, two rows of modules a line. Without colours the light modules are drawn.
function readDrawing(text, withColours) {
  const lines = text.replaceAll('\r', '').split('\n').map((line) => line.replace(/\x1b\[[\d;]*m/g, ''))
    .filter((line) => line !== '').map((line) => [...line]);
  const [upper, lower] = ['▀█', '▄█'];
  const bits = lines.flatMap((line) => [upper, lower].map((half) =>
    line.map((block) => (half.includes(block) === withColours ? 0 : 255))));
  const scale = 4;
  const rows = bits.flatMap((row) => Array(scale).fill(row.flatMap((pixel) => Array(scale).fill(pixel))));
  return Buffer.concat([Buffer.from(`P5 ${rows[0].length} ${rows.length} 255\n`), Buffer.from(rows.flat())]);
}

test('what muster token show draws can be scanned, in a pipe and in a terminal', async () => {
  const made = await createToken(server, token, (await createProfile(server, token)).id);
  const environment = { MUSTER_URL: server.url, MUSTER_TOKEN: token };
  const file = join(server.directory, 'drawn.pgm');
  writeFileSync(file, readDrawing(run(['token', 'show', made.id, '--qr'], { environment }).out, false));
  assert.equal(scan(file), made.qrCodeContent);
  const terminal = spawnSync('script', ['-qec', `'${muster}' token show ${made.id} --qr`, '/dev/null'],
    { env: cleanEnvironment(environment), encoding: 'utf8' });
  assert.equal(terminal.status, 0, terminal.stderr);
  writeFileSync(file, readDrawing(terminal.stdout, true));
  assert.equal(scan(file), made.qrCodeContent);
});

test('preset none leaves profiles without a code', async () => {
  const none = await startServer({ config: '[provisioning]\npreset = none\n' });
  try {
    const bearer = devToken(none);
    const made = await createToken(none, bearer, (await createProfile(none, bearer)).id);
    assert.match(made.tokenValue, /^[0-9A-Z]{26}$/);
    assert.equal(made.qrCodeContent, null);
    assert.equal(made.qrCodeImage, null);
    const shown = run(['token', 'show', made.id, '--qr'], { environment: { MUSTER_URL: none.url, MUSTER_TOKEN: bearer } });
    assert.equal(shown.code, 1);
    assert.match(shown.err, /\[provisioning\]/);
  } finally {
    await none.stop();
  }
});

// Google knows only its own tokens; said once, and not while things are tried out.
for (const [name, options, warnings] of [
  ['CloudDPC outside --dev is warned of once', { dev: false, config: '[provisioning]\npreset = cloudDpc\n' }, 1],
  ['CloudDPC in --dev is not warned of', { config: '[provisioning]\npreset = cloudDpc\n' }, 0],
  ['without a section nothing is warned of', { dev: false }, 0],
  ['another controller is not warned of', { dev: false, config: '[provisioning]\npreset = testDpc\n' }, 0],
]) {
  test(name, async () => {
    const other = await startServer(options);
    await other.stop();
    assert.equal(other.log.split('\n').filter((line) => /level=warning.*Google does not know/.test(line)).length, warnings, other.log);
  });
}

test('a code that does not go with the server\'s new settings is null, and the log says why', async (context) => {
  const directory = makeDirectory();
  const start = async (config) => {
    const started = await startServer({ dataDirectory: directory, config: `[provisioning]\n${config}` });
    context.after(() => started.child.kill('SIGKILL'));
    return started;
  };
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  const first = await start('wifi-ssid = Setup\nwifi-security-type = WPA\nwifi-password = sehr geheim\n');
  const bearer = devToken(first);
  const created = await graph(first, 'POST', profilesPath,
    { token: bearer, body: { displayName: 'x', '@muster.provisioning': { wifiHidden: true } } });
  const made = await createToken(first, bearer, created.json.id);
  assert.match(made.qrCodeContent, /"sehr geheim"/);
  await first.stop();
  const second = await start('locale = de_DE\n');
  second.keepSecret(made.tokenValue);
  const shown = await graph(second, 'GET', `${profilesPath}/${made.id}`, { token: bearer });
  assert.equal(shown.status, 200, shown.text);
  assert.equal(shown.json.tokenValue, made.tokenValue);
  assert.equal(shown.json.qrCodeContent, null);
  assert.equal(shown.json.qrCodeImage, null);
  await second.stop();
  assert.match(second.log, /event="enrollment code cannot be made".*wifiSsid/);
});

// docs/provisioning.md, a preset at a time: the lines of the configuration, and the payload.
const guide = readFileSync(new URL('../../docs/provisioning.md', import.meta.url), 'utf8');
function readGuide(preset) {
  const section = guide.split(/^(?=\*\*`|## )/m).find((text) => text.startsWith(`**\`${preset}\``));
  const blocks = section.split(/\n\n/).filter((text) => text.startsWith('    ')).map((text) => text.replace(/^ {4}/gm, ''));
  return { config: blocks.find((text) => text.startsWith('preset')) ?? `preset = ${preset}`, payload: blocks.find((text) => text.startsWith('{')) };
}

for (const [preset, component] of [
  ['cloudDpc', 'com.google.android.apps.work.clouddpc/.receivers.CloudDeviceAdminReceiver'],
  ['testDpc', 'com.afwsamples.testdpc/com.afwsamples.testdpc.DeviceAdminReceiver'],
  ['headwind', 'com.hmdm.launcher/com.hmdm.launcher.AdminReceiver'],
  ['custom', 'com.example.kiosk/.AdminReceiver'],
]) {
  test(`${preset} as the guide configures it gives the payload that the guide shows`, async () => {
    const { config, payload } = readGuide(preset);
    const other = await startServer({ config: `[provisioning]\n${config}\n` });
    try {
      const bearer = devToken(other);
      const made = await createToken(other, bearer, (await createProfile(other, bearer)).id);
      const { component: named, extras } = readPayload(scanImage(made.qrCodeImage, join(other.directory, 'guide.png')));
      assert.equal(named, component);
      assert.ok(Object.values(extras).includes(made.tokenValue));
      const shown = JSON.stringify(JSON.parse(payload)).replace('SXR8Z0NN1KD7091VYJNY0Y8JF0', made.tokenValue);
      assert.equal(made.qrCodeContent, shown);
    } finally {
      await other.stop();
    }
  });
}

test('a setting that the wizard would refuse keeps the server from starting', async () => {
  for (const [config, message] of [
    ['preset = mine\n', /preset/], ['nonsense = 1\n', /nonsense/],
    ['preset = custom\ncomponent-name = nonsense\n', /component/i],
    ['preset = headwind\n', /muster\.ini:1: \[provisioning\] download-location/],
  ]) {
    const failure = await startServer({ config: `[provisioning]\n${config}` }).then((other) => other.stop(), (error) => error);
    assert.match(failure.log ?? 'it started', message);
  }
});
