// A device as Android's setup wizard makes it: scans a picture, reads the provisioning JSON as
// ManagedProvisioning does, and hands the extras to its device policy controller.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import assert from 'node:assert/strict';

const extra = 'android.app.extra.PROVISIONING_';

// Without the other symbologies: zbar finds bar codes in the middle of a QR code.
export function scan(file) {
  const result = spawnSync('zbarimg', ['--raw', '-q', '--nodbus',
    '-Sdisable', '-Sqrcode.enable', '-Sbinary', file], { encoding: 'utf8' });
  assert.equal(result.status, 0, `zbarimg: ${result.stderr}`);
  return result.stdout;
}

export function scanImage(image, file) {
  assert.equal(image.type, 'image/png');
  writeFileSync(file, Buffer.from(image.value, 'base64'));
  return scan(file);
}

// Refuses what the wizard refuses; returns what the DPC is started with.
export function readPayload(text) {
  const payload = JSON.parse(text);
  for (const key of Object.keys(payload)) assert.ok(key.startsWith('android.app.extra.'), key);
  const component = payload[`${extra}DEVICE_ADMIN_COMPONENT_NAME`];
  assert.match(component, /^[A-Za-z][\w.]*\/\.?[A-Za-z][\w.]*$/);
  const download = payload[`${extra}DEVICE_ADMIN_PACKAGE_DOWNLOAD_LOCATION`];
  const checksums = ['DEVICE_ADMIN_SIGNATURE_CHECKSUM', 'DEVICE_ADMIN_PACKAGE_CHECKSUM']
    .map((name) => payload[extra + name]).filter((checksum) => checksum !== undefined);
  if (download !== undefined) {
    assert.match(download, /^https?:\/\//);
    assert.equal(checksums.length, 1);
  }
  for (const checksum of checksums) assert.equal(Buffer.from(checksum, 'base64url').length, 32);
  return { component, download, payload, extras: payload[`${extra}ADMIN_EXTRAS_BUNDLE`] };
}
