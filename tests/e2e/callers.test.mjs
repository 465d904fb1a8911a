// Requests as real callers send them, byte for byte as far as their sources tell: address, encoding,
// headers, body. PowerShell cannot be installed from Debian or npm, so its requests are sent as they
// stand on the wire. Clients that can be installed run for real in graph_sdk and kiota.
import { after, before } from 'node:test';
import { devToken, startServer } from './support/server.mjs';
import { createProfile, createToken, enroll, graph, ownerPath, profilesPath } from './support/http.mjs';
import { register } from './support/table.mjs';
import { powershell } from './callers/powershell.mjs';
import { sdks } from './callers/sdks.mjs';
import { deviceOwner } from './callers/device_owner.mjs';

const context = {};
before(async () => {
  const server = await startServer();
  context.server = server;
  context.administrator = devToken(server);
  context.deviceReader = devToken(server, '--scope', 'DeviceManagementManagedDevices.Read.All');
  context.deviceManager = devToken(server, '--scope', 'DeviceManagementManagedDevices.ReadWrite.All');
  context.profile = await createToken(server, context.administrator, (await createProfile(server, context.administrator, 'With a token')).id);
  context.device = (await enroll(server, context.profile.tokenValue)).json;
  for (let index = 1; index <= 5; index += 1) await createProfile(server, context.administrator, `Shop ${index}`);
  await createProfile(server, context.administrator, 'O\'Neill\'s hall');
  await createProfile(server, context.administrator, 'O\'Neill\'s hall', { path: ownerPath });
  context.shopLink = {};
  for (const version of ['v1.0', 'beta']) {
    const page = await graph(server, 'GET', `${profilesPath}?$top=2&$filter=startswith(displayName,'Shop')`, { token: context.administrator, version });
    context.shopLink[version] = page.json['@odata.nextLink'].slice(server.url.length);
  }
});
after(() => context.server.stop());

register([...powershell, ...sdks, ...deviceOwner], () => context);
