// Does the whole job with Microsoft's client and prints what it saw as JSON.
import graphClient from '@microsoft/microsoft-graph-client';

const { Client, PageIterator } = graphClient;
const base = new URL(process.env.GRAPH_BASE);
const client = Client.init({
  baseUrl: process.env.GRAPH_BASE,
  defaultVersion: process.env.GRAPH_VERSION,
  customHosts: new Set([base.hostname]),
  authProvider: (done) => done(null, process.env.GRAPH_TOKEN),
});
const set = process.env.GRAPH_SET ?? '/deviceManagement/androidForWorkEnrollmentProfiles';
const failure = (promise) => promise.then(() => ({}), (error) => error);

const seen = {};
seen.created = await client.api(set).post({ displayName: 'By the SDK' });
const one = `${set}/${seen.created.id}`;
seen.createToken = await client.api(`${one}/createToken`).post({ tokenValidityInSeconds: 600 });
seen.read = await client.api(one).get();
seen.updated = await client.api(one).update({ description: 'changed' });
await client.api(set).post({ displayName: 'second' });
await client.api(set).post({ displayName: 'third' });
seen.paged = 0;
const iterator = new PageIterator(client, await client.api(set).top(1).get(), () => {
  seen.paged += 1;
  return true;
});
await iterator.iterate();
await client.api(`${one}/revokeToken`).post(undefined);
seen.afterRevoke = await client.api(one).get();
const missing = await failure(client.api(`${set}/00000000-0000-0000-0000-000000000000`).get());
seen.error = {
  statusCode: missing.statusCode, code: missing.code,
  hasRequestId: /^[0-9a-f-]{36}$/.test(missing.requestId), hasDate: missing.date instanceof Date,
};
const bad = await failure(client.api(`${one}/createToken`).post({ tokenValidityInSeconds: 0 }));
seen.badRequest = { code: bad.code, message: bad.message };
await client.api(one).delete();
seen.deleted = (await failure(client.api(one).get())).statusCode;
console.log(JSON.stringify(seen));
