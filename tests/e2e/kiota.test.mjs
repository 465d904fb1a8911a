// The request adapter under Microsoft's newer Graph SDKs: how it
// writes addresses and headers, and what it makes of answers and errors.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { devToken, startServer } from './support/server.mjs';
import { openClient } from './support/kiota_client.mjs';

let server;
let token;
before(async () => {
  server = await startServer();
  token = devToken(server);
});
after(() => server.stop());

for (const version of ['v1.0', 'beta']) {
  const open = () => openClient(`${server.url}/${version}`, token)
    .deviceManagement.androidForWorkEnrollmentProfiles;

  test(`Kiota's builders do the whole job on /${version}`, async () => {
    const profiles = open();
    const created = await profiles.post({ displayName: `Kiota on ${version}` });
    assert.match(created.id, /^[0-9a-f-]{36}$/);
    const one = profiles.byAndroidForWorkEnrollmentProfileId(created.id);
    assert.equal(await one.createToken.post({ tokenValidityInSeconds: 600 }), undefined);
    const read = await one.get();
    server.keepSecret(read.tokenValue);
    assert.match(read.tokenValue, /^[0-9A-Z]{26}$/);
    assert.ok(read.tokenExpirationDateTime > new Date());
    assert.equal(read.qrCodeImage.type, 'image/png');
    assert.equal((await one.patch({ description: 'changed' })).description, 'changed');
    await one.revokeToken.post();
    assert.equal((await one.get({ queryParameters: { select: ['id', 'tokenValue'] } })).tokenValue, undefined);
    await one.delete();
    await assert.rejects(one.get(), (error) => {
      assert.equal(error.responseStatusCode, 404);
      assert.equal(error.error.code, 'ResourceNotFound');
      return true;
    });
  });

  test(`Kiota's builders list and page on /${version}`, async () => {
    const profiles = open();
    for (const name of ['b', 'a', 'c']) await profiles.post({ displayName: `${version} ${name}` });
    const queryParameters = { filter: `startswith(displayName,'${version} ')`, orderby: ['displayName desc'], count: true, top: 2 };
    const first = await profiles.get({ queryParameters });
    assert.equal(first.odataCount, 3);
    assert.deepEqual(first.value.map(({ displayName }) => displayName), [`${version} c`, `${version} b`]);
    const second = await profiles.withUrl(first.odataNextLink).get();
    assert.deepEqual(second.value.map(({ displayName }) => displayName), [`${version} a`]);
    await assert.rejects(profiles.get({ queryParameters: { filter: 'nonsense' } }), (error) => {
      assert.equal(error.responseStatusCode, 400);
      assert.equal(error.error.target, '$filter');
      return true;
    });
  });
}
