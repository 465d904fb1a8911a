// Kiota's request adapter, on which all of Microsoft's newer Graph SDKs stand, with the addresses,
// bodies and error types of the generated code (microsoftgraph/msgraph-beta-sdk-go and -python have
// the same for their languages). With compression it sends each body compressed first.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { DefaultRequestAdapter } from '@microsoft/kiota-bundle';
import { AnonymousAuthenticationProvider, HttpMethod, RequestInformation } from '@microsoft/kiota-abstractions';
import { HttpClient, MiddlewareFactory } from '@microsoft/kiota-http-fetchlibrary';
import { devToken, startServer } from './support/server.mjs';

let server;
let token;
before(async () => {
  server = await startServer();
  token = devToken(server);
});
after(() => server.stop());

const set = '{+baseurl}/deviceManagement/androidForWorkEnrollmentProfiles';
const templates = {
  set: `${set}{?%24count,%24expand,%24filter,%24orderby,%24search,%24select,%24skip,%24top}`,
  count: `${set}/$count{?%24filter,%24search}`,
  one: `${set}/{androidForWorkEnrollmentProfile%2Did}{?%24expand,%24select}`,
  createToken: `${set}/{androidForWorkEnrollmentProfile%2Did}/createToken`,
  revokeToken: `${set}/{androidForWorkEnrollmentProfile%2Did}/revokeToken`,
};

// As the generator writes them, but for the properties that no test here looks at.
const readProfile = (profile = {}) => ({
  id: (node) => { profile.id = node.getStringValue(); },
  displayName: (node) => { profile.displayName = node.getStringValue(); },
  description: (node) => { profile.description = node.getStringValue(); },
  tokenValue: (node) => { profile.tokenValue = node.getStringValue(); },
  tokenExpirationDateTime: (node) => { profile.tokenExpirationDateTime = node.getDateValue(); },
});
const makeProfile = () => readProfile;
const readPage = (page = {}) => ({
  '@odata.count': (node) => { page.odataCount = node.getNumberValue(); },
  '@odata.nextLink': (node) => { page.odataNextLink = node.getStringValue(); },
  value: (node) => { page.value = node.getCollectionOfObjectValues(makeProfile); },
});
const makePage = () => readPage;
const writeProfile = (writer, profile = {}) => {
  writer.writeStringValue('@odata.type', profile.odataType);
  writer.writeDateValue('createdDateTime', profile.createdDateTime);
  writer.writeStringValue('description', profile.description);
  writer.writeStringValue('displayName', profile.displayName);
  writer.writeAdditionalData(profile.additionalData);
};
const writeParameters = (writer, parameters = {}) => {
  writer.writeNumberValue('tokenValidityInSeconds', parameters.tokenValidityInSeconds);
  writer.writeAdditionalData(parameters.additionalData);
};
const makeError = () => (failure = {}) => ({ error: (node) => {
  failure.error = node.getObjectValue(() => (main = {}) => ({
    code: (inner) => { main.code = inner.getStringValue(); },
    message: (inner) => { main.message = inner.getStringValue(); },
    target: (inner) => { main.target = inner.getStringValue(); },
  }));
} });
const errors = { XXX: makeError };

function makeAdapter(version, compresses, sent) {
  const counting = async (url, init) => {
    const response = await fetch(url, init);
    sent.push([init.method, new Headers(init.headers).get('content-encoding'), response.status]);
    return response;
  };
  const middlewares = compresses ? MiddlewareFactory.getPerformanceMiddlewares(counting) : MiddlewareFactory.getDefaultMiddlewares(counting);
  const adapter = new DefaultRequestAdapter(new AnonymousAuthenticationProvider(), undefined, undefined, new HttpClient(undefined, ...middlewares));
  adapter.baseUrl = `${server.url}/${version}`;
  return adapter;
}

function request(adapter, method, template, { id, query = {}, body, write } = {}) {
  const information = new RequestInformation(method, template,
    { baseurl: adapter.baseUrl, 'androidForWorkEnrollmentProfile%2Did': id, ...Object.fromEntries(Object.entries(query).map(([name, value]) => [`%24${name}`, value])) });
  information.headers.tryAdd('Authorization', `Bearer ${token}`);
  information.headers.tryAdd('Accept', template === templates.count ? 'text/plain' : 'application/json');
  if (body) information.setContentFromParsable(adapter, 'application/json', body, write);
  return information;
}

async function doTheJob(version, compresses) {
  const sent = [];
  const adapter = makeAdapter(version, compresses, sent);
  const post = (template, options) => request(adapter, HttpMethod.POST, template, options);
  const get = (template, options) => request(adapter, HttpMethod.GET, template, options);
  const make = (displayName) => adapter.send(post(templates.set, {
    body: { odataType: '#microsoft.graph.androidForWorkEnrollmentProfile', displayName, createdDateTime: new Date(), additionalData: { '@com.example.note': 'ignored' } }, write: writeProfile,
  }), makeProfile, errors);
  const name = `Kiota ${version} ${compresses}`;
  const profile = await make(`${name} 1`);
  await make(`${name} 2`);
  await make(`${name} 3`);
  await adapter.sendNoResponseContent(post(templates.createToken, { id: profile.id, body: { tokenValidityInSeconds: 600 }, write: writeParameters }), errors);
  const read = await adapter.send(get(templates.one, { id: profile.id, query: { select: ['id', 'tokenValue', 'tokenExpirationDateTime'] } }), makeProfile, errors);
  assert.match(read.tokenValue, /^[0-9A-Z]{26}$/);
  assert.ok(read.tokenExpirationDateTime instanceof Date);
  assert.equal(read.displayName, undefined);
  const updated = await adapter.send(request(adapter, HttpMethod.PATCH, templates.one, { id: profile.id, body: { description: 'by Kiota' }, write: writeProfile }), makeProfile, errors);
  assert.equal(updated.description, 'by Kiota');
  const filter = `startswith(displayName,'${name}')`;
  assert.equal(await adapter.sendPrimitive(get(templates.count, { query: { filter } }), 'number', errors), 3);
  const seen = [];
  let page = await adapter.send(get(templates.set, { query: { filter, orderby: ['displayName desc', 'createdDateTime'], top: 2, count: true } }), makePage, errors);
  assert.equal(page.odataCount, 3);
  for (;;) {
    seen.push(...page.value.map((found) => found.displayName));
    if (!page.odataNextLink) break;
    const next = request(adapter, HttpMethod.GET, '{+baseurl}');
    next.URL = page.odataNextLink;
    page = await adapter.send(next, makePage, errors);
  }
  assert.deepEqual(seen, [3, 2, 1].map((number) => `${name} ${number}`));
  await adapter.sendNoResponseContent(post(templates.revokeToken, { id: profile.id }), errors);
  await adapter.sendNoResponseContent(request(adapter, HttpMethod.DELETE, templates.one, { id: profile.id }), errors);
  await assert.rejects(adapter.send(get(templates.one, { id: profile.id }), makeProfile, errors), (failure) => {
    assert.equal(failure.responseStatusCode, 404);
    assert.equal(failure.error.code, 'ResourceNotFound');
    return true;
  });
  await assert.rejects(adapter.sendNoResponseContent(post(templates.createToken, { id: profile.id, body: { tokenValidityInSeconds: 0 }, write: writeParameters }), errors),
    (failure) => failure.error.code === 'BadRequest' && failure.error.target === 'tokenValidityInSeconds');
  return sent;
}

for (const version of ['v1.0', 'beta']) {
  test(`Kiota's adapter does the whole job on /${version}`, async () => {
    const sent = await doTheJob(version, false);
    assert.ok(sent.every(([, encoding]) => encoding === null));
  });

  test(`Kiota's adapter does it, too, when it compresses: each body goes again after a 415 (/${version})`, async () => {
    const sent = await doTheJob(version, true);
    const compressed = sent.filter(([, encoding]) => encoding === 'gzip');
    assert.ok(compressed.length >= 6);
    assert.ok(compressed.every(([, , status]) => status === 415));
  });
}
