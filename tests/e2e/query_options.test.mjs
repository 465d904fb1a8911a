// OData's query options over HTTP: rules G25 to G28 of the Graph dialect, on both collections.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { demoTenant, devToken, startServer } from './support/server.mjs';
import { createProfile, createToken, enroll, graph, profilesPath } from './support/http.mjs';

const devicesPath = '/deviceManagement/managedDevices';
const names = ['Kiosk north', 'kiosk south', "O'Neill's hall", 'Über den Dächern', '100% sure', 'Lager', 'lager'];

let server;
let token;
let manager;
let profiles;
before(async () => {
  server = await startServer();
  token = devToken(server);
  manager = devToken(server, '--scope', 'DeviceManagementManagedDevices.ReadWrite.All');
  profiles = [];
  for (const name of names) profiles.push(await createProfile(server, token, name));
  await graph(server, 'PATCH', `${profilesPath}/${profiles[0].id}`, { token, body: { description: 'by the door' } });
  profiles[1] = await createToken(server, token, profiles[1].id, 3600);
  profiles[2] = await createToken(server, token, profiles[2].id, 7 * 86400);
  for (const serialNumber of ['S-1', 'S-2', 's-3'])
    await enroll(server, profiles[1].tokenValue, { serialNumber, ...(serialNumber === 'S-2' && { model: 'Pixel 8' }) });
});
after(() => server.stop());

const encode = (query) => Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
const ask = (query, { path = profilesPath, bearer = token, headers } = {}) =>
  graph(server, 'GET', `${path}?${typeof query === 'string' ? query : encode(query)}`, { token: bearer, headers });

async function list(query, options) {
  const answer = await ask(query, options);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}
const listNames = async (query) => (await list(query)).value.map((profile) => profile.displayName);

// Follows every link; returns the pages.
async function pages(query, options = {}) {
  const found = [await list(query, options)];
  while (found.at(-1)['@odata.nextLink']) {
    const link = new URL(found.at(-1)['@odata.nextLink']);
    assert.equal(link.origin, server.url);
    assert.ok(found.length < 50);
    found.push(await list(link.search.slice(1), { ...options, headers: undefined }));
  }
  return found;
}

const soon = () => new Date(Date.now() + 86400e3).toISOString();
const filters = [
  ["displayName eq 'kiosk north'", ['Kiosk north']],
  ["displayName eq 'LAGER'", ['Lager', 'lager']],
  ["displayName eq 'O''Neill''s hall'", ["O'Neill's hall"]],
  ["startswith(displayName,'kiosk')", ['Kiosk north', 'kiosk south']],
  ["endswith(displayName,'SURE')", ['100% sure']],
  ["contains(displayName,'%')", ['100% sure']],
  ["contains(displayName,'ächer')", ['Über den Dächern']],
  ["not contains(displayName,'a') and startswith(displayName,'k')", ['Kiosk north', 'kiosk south'].filter((name) => !name.includes('a'))],
  ['description ne null', ['Kiosk north']],
  ["contains(description,'DOOR')", ['Kiosk north']],
  ["description eq null and (displayName eq 'lager' or enrolledDeviceCount gt 0)", ['kiosk south', 'Lager', 'lager']],
  ['enrolledDeviceCount eq 3', ['kiosk south']],
  ['tokenExpirationDateTime eq 0001-01-01T00:00:00Z', ['Kiosk north', 'Über den Dächern', '100% sure', 'Lager', 'lager']],
  ["displayName in ('LAGER','nobody')", ['Lager', 'lager']],
  [`accountId eq '${demoTenant}' and displayName gt 'm'`, ["O'Neill's hall", 'Über den Dächern']],
];
for (const [filter, expected] of filters) {
  test(`$filter=${filter}`, async () => {
    assert.deepEqual(await listNames({ $filter: filter }), expected);
  });
}

test('a profile is found by its id, as a string and as a GUID', async () => {
  for (const literal of [profiles[3].id, `'${profiles[3].id.toUpperCase()}'`])
    assert.deepEqual(await listNames({ $filter: `id eq ${literal}` }), [names[3]]);
});

test('live tokens are listed as Microsoft\'s script lists them, with a small z and blanks as they come', async () => {
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'z');
  for (const query of [`$filter=tokenExpirationDateTime%20gt%20${now}`, `$filter=tokenExpirationDateTime+gt+${now}`]) {
    const found = await list(query);
    assert.deepEqual(found.value.map((profile) => profile.displayName), ['kiosk south', "O'Neill's hall"]);
  }
  assert.deepEqual(await listNames({ $filter: `tokenExpirationDateTime gt ${soon()}` }), ["O'Neill's hall"]);
});

test('a revoked token has expired when it was revoked', async () => {
  const profile = await createProfile(server, token, 'revoked');
  await createToken(server, token, profile.id, 30 * 86400);
  const filter = `displayName eq 'revoked' and tokenExpirationDateTime gt ${soon()}`;
  assert.equal((await listNames({ $filter: filter })).length, 1);
  assert.equal((await graph(server, 'POST', `${profilesPath}/${profile.id}/revokeToken`, { token })).status, 204);
  assert.equal((await listNames({ $filter: filter })).length, 0);
  await graph(server, 'DELETE', `${profilesPath}/${profile.id}`, { token });
});

test('a picture is read with $select alone, as Microsoft\'s script reads it', async () => {
  const answer = await graph(server, 'GET', `${profilesPath}/${profiles[1].id}?$select=qrCodeImage`, { token, version: 'Beta' });
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(Object.keys(answer.json), ['@odata.context', 'qrCodeImage']);
});

test('$select leaves what it names, and the context says so', async () => {
  const root = `${server.url}/v1.0/$metadata#deviceManagement/androidForWorkEnrollmentProfiles`;
  const page = await list({ $select: 'id, displayName', $top: 1 });
  assert.equal(page['@odata.context'], `${root}(id,displayName)`);
  assert.deepEqual(page.value, [{ id: profiles[0].id, displayName: names[0] }]);
  const one = await graph(server, 'GET', `${profilesPath}/${profiles[0].id}?select=displayName,id`, { token });
  assert.deepEqual(one.json, { '@odata.context': `${root}(displayName,id)/$entity`, id: profiles[0].id, displayName: names[0] });
  const all = await list('$select=*&$top=1');
  assert.equal(Object.keys(all.value[0]).length, 11);
  const unknown = await ask('$select=id,nothing');
  assert.equal(unknown.status, 400);
  assert.equal(unknown.json.error.code, 'BadRequest');
  assert.equal(unknown.json.error.target, '$select');
  assert.equal(unknown.json.error.message, "Could not find a property named 'nothing' on type 'microsoft.graph.androidForWorkEnrollmentProfile'.");
});

test('$orderby ignores case, takes several properties, and puts null first', async () => {
  assert.deepEqual(await listNames({ $orderby: 'displayName' }),
    ['100% sure', 'Kiosk north', 'kiosk south', 'Lager', 'lager', "O'Neill's hall", 'Über den Dächern']);
  assert.deepEqual(await listNames({ $orderby: 'enrolledDeviceCount desc,displayName desc' }),
    ['kiosk south', 'Über den Dächern', "O'Neill's hall", 'Lager', 'lager', 'Kiosk north', '100% sure']);
  assert.equal((await listNames({ $orderby: 'description' })).at(-1), 'Kiosk north');
  assert.equal((await listNames({ $orderby: 'description desc' }))[0], 'Kiosk north');
});

test('pages hold everything once, in order, and their links keep what was asked', async () => {
  const found = await pages({ $orderby: 'description,displayName desc', $top: 2, $count: 'true', $select: 'displayName', $filter: "displayName ne 'x&y'", $skip: 1 });
  assert.deepEqual(found.map((page) => page.value.length), [2, 2, 2]);
  assert.deepEqual(found.map((page) => page['@odata.count']), [7, 7, 7]);
  assert.deepEqual(found.flatMap((page) => page.value.map((profile) => profile.displayName)),
    ["O'Neill's hall", 'Lager', 'lager', 'kiosk south', '100% sure', 'Kiosk north']);
  for (const page of found) {
    assert.equal(Object.keys(page)[1], '@odata.count');
    for (const profile of page.value) assert.deepEqual(Object.keys(profile), ['displayName']);
  }
  assert.ok(!found[0]['@odata.nextLink'].includes('skip='));
  assert.ok(found[0]['@odata.nextLink'].startsWith(`${server.url}/v1.0${profilesPath}?`));
});

test('$count counts what the filter lets through, whatever the page', async () => {
  const page = await list({ $count: 'true', $top: 1, $filter: "startswith(displayName,'k')" });
  assert.equal(page['@odata.count'], 2);
  assert.equal(page.value.length, 1);
  assert.equal((await list({ $count: 'false' }))['@odata.count'], undefined);
});

test('a preferred page size is taken, said, and goes on', async () => {
  const first = await ask('', { headers: { Prefer: 'odata.maxpagesize=3' } });
  assert.equal(first.headers['preference-applied'], 'odata.maxpagesize=3');
  const found = await pages('', { headers: { Prefer: 'odata.maxpagesize=3' } });
  assert.deepEqual(found.map((page) => page.value.length), [3, 3, 1]);
});

test('$search looks for words in the name', async () => {
  assert.deepEqual(await listNames({ $search: '"kiosk"' }), ['Kiosk north', 'kiosk south']);
  assert.deepEqual(await listNames({ $search: 'kiosk SOUTH' }), ['kiosk south']);
  assert.deepEqual(await listNames({ $search: '"displayName:hall"' }), ["O'Neill's hall"]);
  assert.deepEqual(await listNames({ $search: 'kiosk NOT south OR sure' }), ['Kiosk north', '100% sure']);
  assert.deepEqual(await listNames({ $search: 'kiosk', $filter: "endswith(displayName,'th')", $orderby: 'displayName desc' }), ['kiosk south', 'Kiosk north']);
});

test('profiles that come and go do not disturb the pages', async () => {
  const fresh = await startServer();
  try {
    const bearer = devToken(fresh);
    const staying = [];
    for (let index = 0; index < 12; index += 1) staying.push(await createProfile(fresh, bearer, `${'mxa'[index % 3]}${index}`));
    const seen = [];
    let path = `${profilesPath}?$orderby=displayName&$top=3`;
    while (path) {
      const page = await graph(fresh, 'GET', path, { token: bearer });
      assert.equal(page.status, 200, page.text);
      seen.push(...page.json.value.map((profile) => profile.id));
      const next = page.json['@odata.nextLink'];
      path = next && next.slice(`${fresh.url}/v1.0`.length);
      if (!path) break;
      await createProfile(fresh, bearer, 'aaa');
      assert.equal((await graph(fresh, 'DELETE', `${profilesPath}/${page.json.value.at(-1).id}`, { token: bearer })).status, 204);
    }
    for (const { id } of staying) assert.equal(seen.filter((other) => other === id).length, 1);
  } finally {
    await fresh.stop();
  }
});

test('managed devices take the same options', async () => {
  const look = async (query) => (await list(query, { path: devicesPath, bearer: manager })).value.map((device) => device.serialNumber);
  assert.deepEqual(await look({ $filter: "operatingSystem eq 'Android' and managementState eq microsoft.graph.managementState'managed'" }), ['S-1', 'S-2', 's-3']);
  assert.deepEqual(await look({ $filter: 'model eq null', $orderby: 'serialNumber desc' }), ['s-3', 'S-1']);
  assert.deepEqual(await look({ $filter: "enrollmentProfileName eq 'Kiosk South'", $top: 1 }), ['S-1']);
  assert.deepEqual(await look({ $search: 's-2' }), ['S-2']);
  const one = await list('$filter=startswith(deviceName,%27S-1%27)&$select=id,serialNumber&$count=true', { path: devicesPath, bearer: manager });
  assert.deepEqual(Object.keys(one.value[0]), ['id', 'serialNumber']);
  assert.equal(one['@odata.context'], `${server.url}/v1.0/$metadata#deviceManagement/managedDevices(id,serialNumber)`);
  assert.equal(one['@odata.count'], 1);
});

const eventsPath = '/deviceManagement/auditEvents';
const listEvents = (query) => list(query, { path: eventsPath });

test('audit events are filtered by what their numbers are called', async () => {
  const types = async (query) => (await listEvents(query)).value.map((event) => event.activityType);
  assert.deepEqual(await types({ $filter: "activityType eq 'PatchEnrollmentProfile'" }), ['patchEnrollmentProfile']);
  assert.deepEqual(await types({ $filter: "category eq 'Enrollment' and startswith(activityType,'enroll') and activityResult eq 'success'" }),
    ['enrollDevice', 'enrollDevice', 'enrollDevice']);
  assert.deepEqual(await types({ $filter: "activityOperationType in ('Action') and activityType ne 'revokeToken'", $search: 'token' }),
    ['createToken', 'createToken', 'createToken']);
  assert.deepEqual(await types({ $filter: "activityResult eq 'Failure'" }), []);
  assert.deepEqual(await types({ $filter: `activityDateTime gt ${soon()}` }), []);
});

test('audit events come the newest first, page by page, and in the order of their dates where that is asked for', async () => {
  const whole = await listEvents({ $select: 'id,activityDateTime', $top: 999 });
  const newestFirst = whole.value.map((event) => event.id);
  assert.deepEqual(Object.keys(whole.value[0]), ['id', 'activityDateTime']);
  assert.ok(newestFirst.length > 12);
  for (const query of [{ $top: 5 }, { $top: 5, $orderby: 'activityDateTime desc' }, { $top: 5, $count: 'true' }]) {
    const found = await pages(query, { path: eventsPath });
    assert.deepEqual(found.flatMap((page) => page.value.map((event) => event.id)), newestFirst);
    if (query.$count) assert.equal(found[1]['@odata.count'], newestFirst.length);
  }
  const oldestFirst = await pages({ $top: 5, $orderby: 'activityDateTime' }, { path: eventsPath });
  assert.deepEqual(oldestFirst.flatMap((page) => page.value.map((event) => event.id)), [...newestFirst].reverse());
  const one = await graph(server, 'GET', `${eventsPath}/${newestFirst[0]}?$select=category`, { token });
  assert.deepEqual(Object.keys(one.json), ['@odata.context', 'category']);
  assert.equal((await ask('$filter=id%20eq%20null', { path: eventsPath })).json.error.target, '$filter');
});

test('a list draws pictures for those who select them, on smaller pages', async () => {
  const page = await list({ $select: 'id,qrCodeImage', $filter: `id eq ${profiles[1].id}` });
  const one = await graph(server, 'GET', `${profilesPath}/${profiles[1].id}`, { token });
  assert.equal(one.json.qrCodeImage.type, 'image/png');
  assert.deepEqual(page.value, [{ id: profiles[1].id, qrCodeImage: one.json.qrCodeImage }]);
  for (const query of ['', '$select=*']) {
    const found = await list(query);
    for (const profile of found.value) assert.equal(profile.qrCodeImage, null);
  }
});

const refused = [
  ['$filter=nothing eq 1', '$filter', /at position 1: Could not find a property named 'nothing' on type/],
  ["$filter=displayName eq 'x' and tokenValue eq 'y'", '$filter', /at position 24: the property 'tokenValue' cannot be used/],
  ['$filter=displayName eq x', '$filter', /at position 16: expected a string in single quotes/],
  ["$filter=createdDateTime gt '2024-06-01'", '$filter', /at position 20: expected a date .* without quotes/],
  ['$filter=(', '$filter', /at position 2/],
  [`$filter=${'('.repeat(4000)}`, '$filter', /at position 21: .*20 deep/],
  [`$filter=displayName eq '${'x'.repeat(6000)}'`, '$filter', /too long/],
  ['$orderby=qrCodeImage', '$orderby', /cannot be used in '\$orderby'/],
  ['$top=1000', '$top', /from 1 to 999/],
  ['$skip=-1', '$skip', /from 0/],
  ['$count=maybe', '$count', /true or false/],
  ['$search=(', '$search', /at position 2/],
  ['$expand=assignments', '$expand', /Could not find a property named 'assignments' on type/],
  ['$expand=displayName', '$expand', /not a navigation property/],
  ['$skiptoken=17', '$skiptoken', /Follow @odata.nextLink/],
  ['$top=1&top=1', '$top', /more than once/],
  ['$nothing=1', '$nothing', /not supported/],
];
for (const [query, target, message] of refused) {
  test(`${query.slice(0, 60)} is refused`, async () => {
    const answer = await ask(query.replaceAll(' ', '%20'));
    assert.equal(answer.status, 400, answer.text);
    assert.equal(answer.json.error.code, 'BadRequest');
    assert.equal(answer.json.error.target, target);
    assert.match(answer.json.error.message, message);
  });
}

test('UTF-8 that is broken is refused by the option that holds it', async () => {
  const answer = await ask("$filter=displayName%20eq%20'%C3%28'");
  assert.equal(answer.status, 400);
  assert.equal(answer.json.error.target, '$filter');
});

test('one profile takes $select and nothing else, an action nothing at all', async () => {
  const one = `${profilesPath}/${profiles[0].id}`;
  for (const option of ['$filter=id%20eq%20null', '$top=1', '$count=true', 'orderby=id', '$expand=x', '$search=x'])
    assert.equal((await graph(server, 'GET', `${one}?${option}`, { token })).status, 400, option);
  assert.equal((await graph(server, 'POST', `${one}/revokeToken?$select=id`, { token })).status, 400);
  const made = await graph(server, 'POST', `${profilesPath}?$select=displayName`, { token, body: { displayName: 'selected' } });
  assert.equal(made.status, 201);
  assert.deepEqual(Object.keys(made.json), ['@odata.context', 'displayName']);
  const found = await list({ $filter: "displayName eq 'selected'" });
  await graph(server, 'DELETE', `${profilesPath}/${found.value[0].id}`, { token });
});

test('a count alone is a number in plain text, of what filter and search let through', async () => {
  const count = async (path, query = '', { bearer = token, method = 'GET', accept = 'text/plain' } = {}) => {
    const answer = await graph(server, method, `${path}/$count${query}`, { token: bearer, headers: { Accept: accept } });
    return [answer.status, answer.headers['content-type'], answer.text];
  };
  assert.deepEqual(await count(profilesPath), [200, 'text/plain', '7']);
  assert.deepEqual(await count(profilesPath, "?$filter=startswith(displayName,'k')&$search=north"), [200, 'text/plain', '1']);
  assert.deepEqual(await count(profilesPath, '?%24filter=false', { accept: 'application/json' }), [200, 'text/plain', '0']);
  assert.deepEqual(await count(profilesPath, '', { method: 'HEAD' }), [200, 'text/plain', '']);
  assert.deepEqual(await count(devicesPath, '', { bearer: manager }), [200, 'text/plain', '3']);
  assert.equal((await count(eventsPath, "?$filter=activityType eq 'enrollDevice'".replaceAll(' ', '%20')))[2], '3');
  for (const query of ['?$top=1', '?$orderby=id', '?$count=true', '?$skiptoken=x', '?$expand=x'])
    assert.equal((await count(profilesPath, query))[0], 400, query);
  assert.equal((await count(profilesPath, '', { accept: 'text/html' }))[0], 406);
  assert.equal((await count(profilesPath, '', { method: 'POST' }))[0], 405);
});

test('an empty result is an empty array', async () => {
  const page = await list({ $filter: 'false', $count: 'true' });
  assert.deepEqual(Object.keys(page), ['@odata.context', '@odata.count', 'value']);
  assert.deepEqual(page.value, []);
  assert.equal(page['@odata.count'], 0);
});
