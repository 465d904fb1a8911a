// Sends batches with Microsoft's client and with @odata/client, and prints what they saw as JSON.
import graphClient from '@microsoft/microsoft-graph-client';
import odataClient from '@odata/client';

const { BatchRequestContent, BatchResponseContent, Client } = graphClient;
const { OData } = odataClient;
const base = new URL(process.env.GRAPH_BASE);
const version = process.env.GRAPH_VERSION;
const set = 'deviceManagement/androidForWorkEnrollmentProfiles';
const seen = {};

const client = Client.init({
  baseUrl: process.env.GRAPH_BASE,
  defaultVersion: version,
  customHosts: new Set([base.hostname]),
  authProvider: (done) => done(null, process.env.GRAPH_TOKEN),
});

const request = (method, path, body) => new Request(new URL(path, base), {
  method,
  ...(body !== undefined && {
    headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  }),
});

async function sendBySdk(steps) {
  const content = new BatchRequestContent(steps);
  return new BatchResponseContent(await client.api('/$batch').post(await content.getContent()));
}

const statuses = (content) => Object.fromEntries(
  [...content.getResponses()].map(([id, response]) => [id, response.status]));

const parallel = await sendBySdk([
  { id: '1', request: request('POST', set, { displayName: 'By the SDK' }) },
  { id: '2', request: request('GET', `${set}?$top=1`) },
  { id: '3', request: request('GET', `${set}/00000000-0000-0000-0000-000000000000`) },
]);
seen.sdk = statuses(parallel);
seen.sdkCreated = await parallel.getResponseById('1').json();
seen.sdkError = (await parallel.getResponseById('3').json()).error;
const one = `${set}/${seen.sdkCreated.id}`;
const serial = await sendBySdk([
  { id: '1', request: request('POST', `${one}/createToken`, { tokenValidityInSeconds: 600 }) },
  { id: '2', request: request('GET', one), dependsOn: ['1'] },
  { id: '3', request: request('DELETE', one), dependsOn: ['2'] },
]);
seen.sdkSerial = statuses(serial);
seen.sdkToken = (await serial.getResponseById('2').json()).tokenValue;

const odata = OData.New4({
  metadataUri: `${process.env.GRAPH_BASE}/${version}/$metadata`,
  commonHeaders: { Authorization: `Bearer ${process.env.GRAPH_TOKEN}` },
});
const filter = odata.newFilter().property('displayName').eqString('By @odata/client');
const answers = await odata.execBatchRequestsJson([
  { collection: set, method: 'POST', entity: { displayName: 'By @odata/client' }, requestId: 'make' },
  { collection: set, params: odata.newParam().top(1), requestId: 'list' },
  { collection: set, params: odata.newParam().filter(filter), requestId: 'find', dependsOn: ['make'] },
].map((options) => odata.newBatchRequest(options)));
const byId = new Map(answers.map((answer) => [answer.raw.id, answer]));
const [made, listed, found] = ['make', 'list', 'find'].map((id) => byId.get(id));
seen.odata = [made.status, listed.status, found.status];
seen.odataCreated = await made.json();
seen.odataFound = (await found.json()).value.length;
await odata.getEntitySet(set).delete(seen.odataCreated.id);
console.log(JSON.stringify(seen));
