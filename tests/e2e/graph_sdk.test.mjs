// Microsoft's own Graph client, over HTTPS, to a custom host.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cleanEnvironment, devToken, startServer } from './support/server.mjs';

let server;
before(async () => { server = await startServer(); });
after(() => server.stop());

// Node reads the CA only when it starts, so the client is a process of its own.
function runClient(version, set) {
  const script = fileURLToPath(new URL('./support/graph_sdk_client.mjs', import.meta.url));
  const result = spawnSync(process.execPath, [script], {
    encoding: 'utf8',
    env: cleanEnvironment({
      NODE_EXTRA_CA_CERTS: join(server.directory, 'dev-ca.pem'),
      GRAPH_BASE: server.tlsUrl, GRAPH_VERSION: version, GRAPH_TOKEN: devToken(server),
      GRAPH_SET: `/deviceManagement/${set}`,
    }),
  });
  assert.equal(result.status, 0, result.stderr);
  return JSON.parse(result.stdout);
}

for (const [version, set] of ['v1.0', 'beta'].flatMap((version) =>
  ['androidForWorkEnrollmentProfiles', 'androidDeviceOwnerEnrollmentProfiles'].map((set) => [version, set]))) {
  test(`G37 Microsoft's client does the whole job on /${version} with ${set}`, () => {
    const seen = runClient(version, set);
    assert.equal(seen.created.displayName, 'By the SDK');
    assert.equal(seen.createToken, undefined);
    assert.match(seen.read.tokenValue, /^[0-9A-Z]{26}$/);
    assert.ok(Date.parse(seen.read.tokenExpirationDateTime) > Date.now());
    assert.equal(seen.updated.description, 'changed');
    assert.ok(seen.paged >= 3);
    assert.equal(seen.afterRevoke.tokenValue, null);
    assert.deepEqual(seen.error, {
      statusCode: 404, code: 'ResourceNotFound', hasRequestId: true, hasDate: true,
    });
    assert.equal(seen.badRequest.code, 'BadRequest');
    assert.equal(seen.deleted, 404);
  });
}
