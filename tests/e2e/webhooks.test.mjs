// Webhooks as their receivers see them: a real HTTPS receiver, which fails, is slow, or is gone, and
// a server that is killed.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { demoTenant, devToken, makeDirectory, run, startServer, until } from './support/server.mjs';
import { createProfile, createToken, enroll, graph, profilesPath, send } from './support/http.mjs';
import { makeCertificate, makeSecret, startReceiver } from './support/receiver.mjs';

const files = makeDirectory();
let certificate;
let other;
before(() => {
  certificate = makeCertificate(files);
  const elsewhere = makeDirectory();
  other = makeCertificate(elsewhere);
  rmSync(elsewhere, { recursive: true, force: true });
});
after(() => rmSync(files, { recursive: true, force: true }));

const section = (name, receiver, secretFile, extra = '') => `
[webhook ${name}]
url = ${receiver.url}
secret-file = ${secretFile}
ca-file = ${join(files, 'ca.pem')}
${extra}
`;

const types = (events) => events.map(({ type }) => type);
const act = async (server, token, method, path, status, body) => {
  const answer = await graph(server, method, path, { token, body });
  assert.equal(answer.status, status, answer.text);
  return answer;
};
const arrived = (receiver, count) => until(`${count} events, of which ${types(receiver.events)} came`,
  () => receiver.events.length >= count);

async function metric(server, name, webhook) {
  const { text } = await send(server.opsUrl, { path: '/metrics' });
  const label = webhook === undefined ? '' : `{webhook="${webhook}"}`;
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name}${label} `));
  return line === undefined ? undefined : Number(line.split(' ')[1]);
}

// A server with one webhook, named tickets, and its receiver.
async function withWebhook({ extra, server: options = {}, receiver: receiverOptions = {}, settings = '' }, body) {
  const { secret, file } = makeSecret(files);
  const receiver = await startReceiver({ certificate, secret, ...receiverOptions });
  const config = `[server]\n${settings}\n${section('tickets', receiver, file, extra)}`;
  const server = await startServer({ config, ...options });
  server.keepSecret(secret);
  try {
    await body(server, receiver, { config, file });
  } finally {
    await server.stop();
    await receiver.stop();
  }
}

test('every event arrives in its order, signed, and says what happened to what', async () => {
  await withWebhook({}, async (server, receiver) => {
    const token = devToken(server);
    const manager = devToken(server, '--scope', 'DeviceManagementManagedDevices.ReadWrite.All');
    const profile = await createProfile(server, token);
    const first = await createToken(server, token, profile.id);
    const devices = [];
    for (const serialNumber of ['S-1', 'S-2'])
      devices.push((await enroll(server, first.tokenValue, { serialNumber })).json);
    const second = await createToken(server, token, profile.id, 60);
    assert.equal((await enroll(server, first.tokenValue, { serialNumber: 'S-3' })).status, 403);
    await act(server, token, 'POST', `${profilesPath}/${profile.id}/revokeToken`, 204);
    await act(server, token, 'POST', `${profilesPath}/${profile.id}/revokeToken`, 204);
    await act(server, manager, 'POST', `/deviceManagement/managedDevices/${devices[0].deviceId}/retire`, 204);
    await act(server, manager, 'POST', `/deviceManagement/managedDevices/${devices[0].deviceId}/retire`, 204);
    await act(server, manager, 'DELETE', `/deviceManagement/managedDevices/${devices[0].deviceId}`, 204);
    await send(server.url, { method: 'DELETE', path: '/enroll/me', headers: { Authorization: `Bearer ${devices[1].deviceCredential}` } });
    assert.equal((await enroll(server, '00000000000000000000000000', { serialNumber: 'S-4' })).status, 403);

    await arrived(receiver, 11);
    const { events, requests } = receiver;
    assert.deepEqual(types(events), ['token.created', 'device.enrolled', 'device.enrolled',
      'token.replaced', 'token.created', 'device.refused', 'token.revoked', 'device.retired',
      'device.deleted', 'device.left', 'device.refused']);
    for (const { isSigned, headers, method, path, event } of requests) {
      assert.ok(isSigned);
      assert.equal(method, 'POST');
      assert.equal(path, '/muster');
      assert.equal(headers['content-type'], 'application/json');
      assert.equal(headers['muster-event-id'], event.id);
      assert.equal(headers['muster-event-type'], event.type);
      assert.match(headers['muster-signature'], /^t=\d+,v1=[0-9a-f]{64}$/);
    }
    assert.equal(new Set(events.map(({ id }) => id)).size, events.length);
    assert.deepEqual(events.slice(0, -1).map(({ tenantId }) => tenantId), Array(10).fill(demoTenant));

    const [created, enrolled, , replaced, successor, refused, revoked, retired] = events;
    assert.deepEqual(created.profile, { id: profile.id, type: 'androidForWorkEnrollmentProfile', displayName: 'Kiosks' });
    assert.deepEqual(created.token, { expirationDateTime: first.tokenExpirationDateTime, validityInSeconds: 3600 });
    assert.equal(created.actor.type, 'user');
    assert.deepEqual(enrolled.device, { id: devices[0].deviceId, identity: 'S-1' });
    assert.deepEqual(replaced.token, { expirationDateTime: second.tokenExpirationDateTime, validityInSeconds: 60 });
    assert.equal(replaced.auditEventId, successor.id);
    assert.equal(refused.reason, 'replaced');
    assert.equal(refused.device.identity, 'S-3');
    assert.equal(refused.profile.id, profile.id);
    assert.equal(revoked.revokedTokens, 1);
    assert.deepEqual(retired.device, { id: devices[0].deviceId, identity: 'S-1' });
    assert.deepEqual({ ...events[10], id: '', auditEventId: '', time: '', correlationId: '' }, {
      id: '', type: 'device.refused', time: '', tenantId: null, auditEventId: '', correlationId: '',
      actor: { type: 'device', id: 'S-4', displayName: null, applicationId: null },
      profile: null, device: { id: null, identity: 'S-4' }, reason: 'unknown',
    });

    // An event's id is that of the audit event, where all of it can be read.
    const auditor = devToken(server, '--scope', 'DeviceManagementApps.Read.All');
    const { json } = await graph(server, 'GET', `/deviceManagement/auditEvents/${revoked.id}`, { token: auditor });
    assert.equal(json.activityType, 'revokeToken');
    // No payload holds anything that lets somebody in.
    for (const secret of [first.tokenValue, second.tokenValue, ...devices.map(({ deviceCredential }) => deviceCredential), token])
      assert.ok(requests.every(({ text }) => !text.includes(secret)));
    assert.equal(await metric(server, 'muster_webhook_delivered_total', 'tickets'), 11);
    assert.equal(await metric(server, 'muster_webhook_failed_attempts_total', 'tickets'), 0);
    await until('no backlog', async () => await metric(server, 'muster_webhook_backlog_rows', 'tickets') === 0);
    assert.equal(await metric(server, 'muster_webhook_backlog_seconds', 'tickets'), 0);
  });
});

test('a receiver that fails gets the same event again, and then the others in their order', async () => {
  await withWebhook({}, async (server, receiver) => {
    receiver.answer = (request, response) => response.writeHead(500).end('not today');
    const token = devToken(server);
    const profile = await createProfile(server, token);
    await createToken(server, token, profile.id);
    await act(server, token, 'POST', `${profilesPath}/${profile.id}/revokeToken`, 204);
    await until('three attempts', () => receiver.requests.length >= 3);
    assert.equal(new Set(receiver.requests.map(({ event }) => event.id)).size, 1);
    assert.ok(await metric(server, 'muster_webhook_failed_attempts_total', 'tickets') >= 2);
    assert.ok(await metric(server, 'muster_webhook_backlog_rows', 'tickets') >= 2);
    assert.match(server.log, /event="webhook fails" webhook=tickets reason="answers with status 500 instead of 2xx"/);
    receiver.answer = undefined;
    await arrived(receiver, 2);
    assert.deepEqual(types(receiver.events), ['token.created', 'token.revoked']);
    assert.ok(receiver.requests.every(({ isSigned }) => isSigned));
    await until('a line that says so', () => server.log.includes('event="webhook works again"'));
    assert.equal(server.log.match(/webhook fails/g).length, 1);
    assert.ok(!server.log.includes('not today'));
  });
});

test('a receiver that says when to come back is left alone until then', async () => {
  const inMinutes = (minutes) => new Date(Date.now() + minutes * 60000);
  const waits = {
    seconds: [503, () => '1200', 20],
    date: [429, () => inMinutes(20).toUTCString(), 20],
    long: [503, () => '86400', 60],
    none: [503, () => 'soon', 0],
  };
  const { secret, file } = makeSecret(files);
  const receivers = [];
  let config = '';
  for (const [name, [status, retryAfter]] of Object.entries(waits)) {
    const receiver = await startReceiver({ certificate, secret });
    receiver.answer = (request, response) => response.writeHead(status, { 'Retry-After': retryAfter() }).end();
    receivers.push(receiver);
    config += section(name, receiver, file);
  }
  const server = await startServer({ config });
  const token = devToken(server);
  await createToken(server, token, (await createProfile(server, token)).id);
  const list = () => JSON.parse(run(['webhook', 'list', '-o', 'json', '--data-dir', server.directory]).out);
  await until('failures', () => list().every(({ attempts }) => attempts > 0));
  for (const { name, failingSinceDateTime, nextAttemptDateTime } of list().filter(({ name: known }) => known !== 'none')) {
    const seconds = (Date.parse(nextAttemptDateTime) - Date.parse(failingSinceDateTime)) / 1000;
    const expected = waits[name][2] * 60;
    // A date has whole seconds, and the answer was on its way.
    assert.ok(seconds > expected - 60 && seconds <= expected, `${name}: ${seconds} s`);
  }
  const [none] = receivers.slice(-1);
  await until('the attempts of the one that says nothing', () => none.requests.length >= 3);
  await server.stop();
  assert.deepEqual(receivers.slice(0, -1).map(({ requests }) => requests.length), [1, 1, 1]);
  for (const receiver of receivers) await receiver.stop();
});

test('an event that its receiver always refuses is given up by the operator, for ever, and the next one comes', async () => {
  const directory = makeDirectory();
  await withWebhook({ server: { dataDirectory: directory } }, async (server, receiver, { config }) => {
    const manage = (...flags) => run(['webhook', ...flags, '--data-dir', directory]);
    const list = () => JSON.parse(manage('list', '-o', 'json').out)[0];
    assert.deepEqual({ ...list(), position: 0 }, {
      name: 'tickets', position: 0, backlogRows: 0, eventId: null, eventType: null, eventDateTime: null,
      attempts: 0, failingSinceDateTime: null, nextAttemptDateTime: null, lastFailure: null,
    });
    const refusesReplaced = (request, response, event) => {
      if (event.type === 'token.replaced') {
        response.writeHead(422).end();
        return;
      }
      receiver.events.push(event);
      response.writeHead(204).end();
    };
    receiver.answer = refusesReplaced;
    const token = devToken(server);
    const profile = await createProfile(server, token);
    await createToken(server, token, profile.id);
    await arrived(receiver, 1);
    const early = manage('skip', 'tickets');
    assert.equal(early.code, 1);
    assert.match(early.err, /The receiver of the webhook 'tickets' has not failed at the event in turn.*409 Conflict/);
    await createToken(server, token, profile.id);
    await until('two attempts', () => list().attempts >= 2);
    const stuck = list();
    assert.equal(stuck.eventType, 'token.replaced');
    assert.equal(stuck.lastFailure, 'answers with status 422 instead of 2xx');
    assert.ok(Date.parse(stuck.nextAttemptDateTime) > Date.parse(stuck.failingSinceDateTime));
    assert.ok(stuck.backlogRows >= 1);
    assert.match(manage('list').out, /^NAME +BACKLOG.*\ntickets +[1-9].*token\.replaced +answers with status 422/);

    const skipped = manage('skip', 'tickets', '-o', 'json');
    assert.equal(skipped.code, 0, skipped.err);
    assert.deepEqual(JSON.parse(skipped.out), {
      webhook: 'tickets', eventId: stuck.eventId, eventType: 'token.replaced', eventDateTime: stuck.eventDateTime,
    });
    await arrived(receiver, 2);
    assert.equal(await metric(server, 'muster_webhook_skipped_total', 'tickets'), 1);
    assert.match(server.log, new RegExp(`event="webhook event skipped" webhook=tickets id=${stuck.eventId} type=token.replaced`));
    const auditor = devToken(server, '--scope', 'DeviceManagementApps.Read.All');
    const { json } = await graph(server, 'GET', "/deviceManagement/auditEvents?$filter=activityType%20eq%20'skipWebhookEvent'", { token: auditor });
    assert.equal(json.value.length, 1);
    assert.equal(json.value[0].actor.type, 'Operator');
    const [resource] = json.value[0].resources;
    assert.equal(resource.displayName, 'tickets');
    assert.equal(resource.modifiedProperties.find(({ displayName }) => displayName === 'eventId').newValue, stuck.eventId);

    // The one of a change whose other event still waits is not sent again after a crash, either.
    receiver.answer = (request, response) => response.writeHead(500).end();
    await createToken(server, token, profile.id);
    await until('a failure', () => list().attempts >= 1);
    const second = list();
    assert.equal(manage('skip', 'tickets').code, 0);
    await server.stop('SIGKILL');
    receiver.answer = undefined;
    const before = receiver.events.length;
    const again = await startServer({ config, dataDirectory: directory });
    await arrived(receiver, before + 1);
    assert.equal(second.eventType, 'token.replaced');
    assert.deepEqual(types(receiver.events), ['token.created', 'token.created', 'token.created']);
    const unknown = manage('skip', 'nobody');
    assert.equal(unknown.code, 1);
    assert.match(unknown.err, /There is no webhook 'nobody'.*404 /);
    await again.stop();
    server.stop = () => undefined;
  });
  rmSync(directory, { recursive: true, force: true });
});

test('nothing is lost and nothing changes places when the server is killed again and again', async () => {
  const directory = makeDirectory();
  const { secret, file } = makeSecret(files);
  let receiver = await startReceiver({ certificate, secret });
  const { port } = receiver;
  const config = section('tickets', receiver, file);
  const expected = [];
  const came = [];
  let token;
  for (let round = 0; round < 4; round += 1) {
    const server = await startServer({ config, dataDirectory: directory });
    token ??= devToken(server);
    const profile = await createProfile(server, token, `Round ${round}`);
    for (let i = 0; i < 5; i += 1) {
      await createToken(server, token, profile.id, 3600);
      expected.push(...(i === 0 ? [] : [`token.replaced ${profile.id}`]), `token.created ${profile.id}`);
    }
    // In turn, the receiver is there and gone while the server dies.
    if (round % 2 === 0) await arrived(receiver, 1);
    await server.stop('SIGKILL');
    came.push(...receiver.events);
    await receiver.stop();
    if (round % 2 === 0) continue;
    receiver = await startReceiver({ certificate, secret, port });
  }
  const server = await startServer({ config, dataDirectory: directory });
  const ids = () => new Set([...came, ...receiver.events].map(({ id }) => id));
  await until(`all ${expected.length} events`, () => ids().size >= expected.length);
  await server.stop();
  await receiver.stop();
  const seen = new Set();
  const inOrder = [...came, ...receiver.events].filter(({ id }) => !seen.has(id) && seen.add(id))
    .map(({ type, profile }) => `${type} ${profile.id}`);
  assert.deepEqual(inOrder, expected);
  assert.ok(receiver.requests.every(({ isSigned }) => isSigned));
  rmSync(directory, { recursive: true, force: true });
});

test('a token of six seconds is warned of, expires, and both are told', async () => {
  await withWebhook({ settings: 'token-expiry-warning-seconds = 3' }, async (server, receiver) => {
    const token = devToken(server);
    const profile = await createProfile(server, token, 'Short');
    const { tokenExpirationDateTime } = await createToken(server, token, profile.id, 6);
    const wanted = () => receiver.events.filter(({ type }) => /expir/.test(type));
    await until('warning and expiry', () => wanted().length >= 2);
    const [expiring, expired] = wanted();
    assert.equal(expiring.type, 'token.expiring');
    assert.equal(expired.type, 'token.expired');
    for (const event of [expiring, expired]) {
      assert.deepEqual(event.profile, { id: profile.id, type: 'androidForWorkEnrollmentProfile', displayName: 'Short' });
      assert.deepEqual(event.token, { expirationDateTime: tokenExpirationDateTime });
      assert.deepEqual(event.actor, { type: 'system', id: null, displayName: null, applicationId: null });
    }
    assert.ok(Date.parse(expiring.time) < Date.parse(tokenExpirationDateTime));
    assert.ok(Date.parse(expired.time) >= Date.parse(tokenExpirationDateTime));
    await until('the count', async () => await metric(server, 'muster_tokens_expired_total') === 1);
    assert.equal(await metric(server, 'muster_tokens_expiring'), 0);
    const auditor = devToken(server, '--scope', 'DeviceManagementApps.Read.All');
    const { json } = await graph(server, 'GET', `/deviceManagement/auditEvents/${expired.id}`, { token: auditor });
    assert.equal(json.activityType, 'tokenExpired');
    assert.equal(json.actor.type, 'System');
  });
});

test('a warning is a line of the log and a count, and what was replaced is not warned of', async () => {
  const server = await startServer({ config: '[server]\ntoken-expiry-warning-seconds = 3600\n' });
  try {
    const token = devToken(server);
    const replaced = await createProfile(server, token, 'Replaced');
    await createToken(server, token, replaced.id, 3601);
    await createToken(server, token, replaced.id, 3600);
    const profile = await createProfile(server, token, 'Long');
    const { tokenValue, tokenExpirationDateTime } = await createToken(server, token, profile.id, 3602);
    server.keepSecret(tokenValue);
    await until('the warning', async () => await metric(server, 'muster_tokens_warned_total') === 1);
    assert.equal(await metric(server, 'muster_tokens_expiring'), 1);
    await until('the line', () => server.log.includes(`event="token about to expire" tenant=${demoTenant} ` +
      `profile=${profile.id} name=Long expires=${tokenExpirationDateTime}`));
    assert.equal(server.log.match(/token about to expire/g).length, 1);
    assert.equal(await metric(server, 'muster_tokens_expired_total'), 0);
  } finally {
    await server.stop();
  }
});

test('what expired while the server was down is told when it starts', async () => {
  const directory = makeDirectory();
  await withWebhook({ server: { dataDirectory: directory } }, async (first, receiver, { config }) => {
    const token = devToken(first);
    const profile = await createProfile(first, token);
    await createToken(first, token, profile.id, 2);
    await arrived(receiver, 1);
    await first.stop('SIGKILL');
    await sleep(2000);
    const server = await startServer({ config, dataDirectory: directory });
    await until('the expiry', () => types(receiver.events).includes('token.expired'));
    await server.stop();
    first.stop = () => undefined;
  });
  rmSync(directory, { recursive: true, force: true });
});

test('a receiver with a certificate of somebody else is told nothing', async () => {
  await withWebhook({ receiver: { certificate: other } }, async (server, receiver) => {
    const token = devToken(server);
    const profile = await createProfile(server, token);
    await createToken(server, token, profile.id);
    await until('a failure', async () => await metric(server, 'muster_webhook_failed_attempts_total', 'tickets') >= 1);
    assert.equal(receiver.requests.length, 0);
    assert.match(server.log, /event="webhook fails" webhook=tickets reason="does not answer: SSL peer certificate/);
    await act(server, token, 'GET', profilesPath, 200);
  });
});

test('the log does not say which address does not answer', async () => {
  const { file } = makeSecret(files);
  // Nobody listens there.
  const server = await startServer({ config: section('tickets', { url: 'https://localhost:1/hook' }, file) });
  const token = devToken(server);
  await createToken(server, token, (await createProfile(server, token)).id);
  await until('a failure', () => /event="webhook fails".*\n/.test(server.log));
  await server.stop();
  assert.match(server.log, /webhook=tickets reason="does not answer: Couldn't connect to server"/);
  assert.doesNotMatch(server.log, /localhost/);
});

test('a receiver that never answers holds up neither the API nor another receiver', async () => {
  const { secret, file } = makeSecret(files);
  const slow = await startReceiver({ certificate, secret });
  const quick = await startReceiver({ certificate, secret });
  slow.answer = () => undefined;
  const server = await startServer({
    config: section('slow', slow, file, 'timeout-seconds = 1') + section('quick', quick, file),
  });
  try {
    const token = devToken(server);
    const profile = await createProfile(server, token);
    for (let i = 0; i < 20; i += 1) await createToken(server, token, profile.id);
    await arrived(quick, 39);
    await until('an attempt that was given up', async () => await metric(server, 'muster_webhook_failed_attempts_total', 'slow') >= 1);
    assert.equal(await metric(server, 'muster_webhook_failed_attempts_total', 'quick'), 0);
    assert.equal(await metric(server, 'muster_webhook_delivered_total', 'slow'), 0);
    assert.match(server.log, /event="webhook fails" webhook=slow reason="does not answer: Timeout was reached"/);
    const events = slow.requests.map(({ event }) => event.id);
    assert.equal(new Set(events).size, 1);
  } finally {
    await server.stop();
    await slow.stop();
    await quick.stop();
  }
});

test('a redirect is not followed', async () => {
  const trap = await startReceiver({ certificate, secret: '' });
  await withWebhook({}, async (server, receiver) => {
    receiver.answer = (request, response) => response.writeHead(307, { Location: trap.url }).end();
    const token = devToken(server);
    await createToken(server, token, (await createProfile(server, token)).id);
    await until('a failure', () => server.log.includes('webhook fails'));
    assert.match(server.log, /reason="answers with a redirect \(status 307\), which is not followed: name the final address"/);
    assert.equal(trap.requests.length, 0);
    receiver.answer = undefined;
    await arrived(receiver, 1);
  });
  await trap.stop();
});

test('an answer without end is broken off', async () => {
  await withWebhook({}, async (server, receiver) => {
    receiver.answer = (request, response) => response.writeHead(200).end(Buffer.alloc(1 << 20));
    const token = devToken(server);
    await createToken(server, token, (await createProfile(server, token)).id);
    await until('a failure', () => server.log.includes('reason="answers with more than 65536 bytes"'));
    receiver.answer = undefined;
    await arrived(receiver, 1);
  });
});

test('a new webhook begins at the present, and only wanted events come', async () => {
  const directory = makeDirectory();
  const { secret, file } = makeSecret(files);
  const receiver = await startReceiver({ certificate, secret });
  const first = await startServer({ dataDirectory: directory });
  const token = devToken(first);
  const profile = await createProfile(first, token);
  await createToken(first, token, profile.id);
  await first.stop();
  const server = await startServer({
    dataDirectory: directory, config: section('late', receiver, file, 'events = token.replaced token.revoked'),
  });
  await createToken(server, token, profile.id);
  await act(server, token, 'POST', `${profilesPath}/${profile.id}/revokeToken`, 204);
  await arrived(receiver, 2);
  assert.deepEqual(types(receiver.events), ['token.replaced', 'token.revoked']);
  await server.stop();
  await receiver.stop();
  rmSync(directory, { recursive: true, force: true });
});

test('a secret is replaced by SIGHUP, with both in use meanwhile; a bad file changes nothing', async () => {
  await withWebhook({}, async (server, receiver, { file }) => {
    const token = devToken(server);
    const profile = await createProfile(server, token);
    const old = receiver.secret;
    const fresh = 'f'.repeat(40);
    writeFileSync(file, `${old}\n${fresh}\n`);
    server.child.kill('SIGHUP');
    await until('the reload', () => server.log.includes('event=reload'));
    await createToken(server, token, profile.id);
    await arrived(receiver, 1);
    assert.match(receiver.requests[0].headers['muster-signature'], /^t=\d+(,v1=[0-9a-f]{64}){2}$/);
    assert.ok(receiver.requests[0].isSigned);
    receiver.secret = fresh;
    await createToken(server, token, profile.id);
    await arrived(receiver, 3);
    assert.ok(receiver.requests[2].isSigned);
    writeFileSync(file, 'too short\n');
    server.child.kill('SIGHUP');
    await until('the complaint', () => /event=reload webhook=tickets error="[^"]*a webhook's secret is a line/.test(server.log));
    await createToken(server, token, profile.id);
    await arrived(receiver, 5);
    assert.ok(receiver.requests[4].isSigned);
  });
});

test('an address that is long and secret lies in a file, and is replaced by SIGHUP', async () => {
  const { secret, file } = makeSecret(files);
  const receiver = await startReceiver({ certificate, secret });
  const place = join(files, 'tickets.url');
  const pathOf = (name) => `/workflows/${name}?sp=%2Ftriggers%2Fmanual%2Frun&sig=${'s3cr3t'.repeat(60)}`;
  const put = (name) => writeFileSync(place, `https://localhost:${receiver.port}${pathOf(name)}\n`, { mode: 0o600 });
  put('first');
  const config = section('tickets', receiver, file).replace(/^url = .*$/m, `url-file = ${place}`);
  const server = await startServer({ config, dev: true });
  server.keepSecret('s3cr3t');
  const token = devToken(server);
  const profile = await createProfile(server, token);
  // Two events: where the second one went.
  const whereEventsGo = async () => {
    const before = receiver.events.length;
    await createToken(server, token, profile.id);
    await act(server, token, 'POST', `${profilesPath}/${profile.id}/revokeToken`, 204);
    await arrived(receiver, before + 2);
    return receiver.requests.at(-1).path;
  };
  assert.equal(await whereEventsGo(), pathOf('first'));
  put('second');
  server.child.kill('SIGHUP');
  await until('the new address', async () => await whereEventsGo() === pathOf('second'));
  chmodSync(place, 0o644);
  server.child.kill('SIGHUP');
  await until('the complaint', () => /event=reload webhook=tickets error="[^"]*tickets\.url: others may read the webhook's address[^"]*" consequence="the address known so far stays in use"/.test(server.log));
  assert.equal(await whereEventsGo(), pathOf('second'));
  await server.stop();
  await receiver.stop();
});

test('after SIGHUP what waits is sent at once: what made the receiver refuse may have been put right', async () => {
  await withWebhook({}, async (server, receiver) => {
    receiver.answer = (request, response) => response.writeHead(403, { 'Retry-After': '3600' }).end();
    const token = devToken(server);
    await createToken(server, token, (await createProfile(server, token)).id);
    await until('the refusal', () => /event="webhook fails"/.test(server.log));
    receiver.answer = undefined;
    server.child.kill('SIGHUP');
    await arrived(receiver, 1);
    assert.equal(receiver.requests.length, 2);
  });
});

test('no proxy of the environment sees an event', async () => {
  const nobody = 'http://127.0.0.1:9';
  const environment = { http_proxy: nobody, https_proxy: nobody, HTTPS_PROXY: nobody, ALL_PROXY: nobody };
  await withWebhook({ server: { environment } }, async (server, receiver) => {
    const token = devToken(server);
    await createToken(server, token, (await createProfile(server, token)).id);
    await arrived(receiver, 1);
    assert.equal(await metric(server, 'muster_webhook_failed_attempts_total', 'tickets'), 0);
  });
});

test('with --dev plain http may go to this machine', async () => {
  await withWebhook({ receiver: { certificate: undefined } }, async (server, receiver) => {
    const token = devToken(server);
    await createToken(server, token, (await createProfile(server, token)).id);
    await arrived(receiver, 1);
    assert.ok(receiver.requests[0].isSigned);
  });
});

test('what is wrong with a webhook keeps the server from starting, and is named', async () => {
  const { file } = makeSecret(files, 'refused.secret');
  const section = (url, secretFile, extra = '') => `[webhook tickets]\nurl = ${url}\nsecret-file = ${secretFile}\n${extra}`;
  const url = 'https://hooks.example.org/a-secret-path';
  const open = makeSecret(files, 'open.secret').file;
  chmodSync(open, 0o644);
  writeFileSync(join(files, 'weak.secret'), 'secret\n', { mode: 0o600 });
  const cases = [
    [section('http://hooks.example.org/', file), /muster\.ini:1: \[webhook tickets\] 'url' must be https/, true],
    [section('http://127.0.0.1:1/', file), /'url' must be https: http to this machine is for --dev only/, false],
    [section(url, join(files, 'none.secret')), /\[webhook tickets\] .*none\.secret: the webhook's secret cannot be read: No such file/, true],
    [section(url, open), /open\.secret: others may read the webhook's secret \(mode 0644\)\. Run: chmod 600/, true],
    [section(url, join(files, 'weak.secret')), /weak\.secret: a webhook's secret is a line of 32 to 256 printable ASCII characters/, true],
    [section(url, file, `url-file = ${file}`), /muster\.ini:1: \[webhook tickets\] has 'url' and 'url-file'/, true],
    [section(url, file).replace(/url = .*/, `url-file = ${open}`), /open\.secret: others may read the webhook's address \(mode 0644\)/, true],
    [section(url, file, 'events = everything\n'), /'events' must be names of events.*it is 'everything'/, true],
    [section(url, file, 'retries = 7\n'), /muster\.ini:4: \[webhook tickets\] has no key 'retries'/, true],
    [section(url, file) + section(url, file), /muster\.ini:4: \[webhook tickets\] is given twice/, true],
  ];
  for (const [config, message, dev] of cases) {
    const error = await startServer({ config, dev }).then((server) => server.stop(), (failure) => failure);
    assert.match(error?.log ?? 'it started', message);
    assert.ok(!error.log.includes('a-secret-path'), error.log);
    assert.notEqual(error.code, 0);
  }
});

// The shape of a value: its members in their order, and the type of each.
function shape(value) {
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value;
  return Object.entries(value).map(([name, member]) => [name, shape(member)]);
}

test('the guide shows every event as the server sends it, and verifies as it does', async () => {
  const guide = readFileSync(new URL('../../docs/webhooks.md', import.meta.url), 'utf8');
  const samples = new Map();
  for (const section of guide.split(/^### /m).slice(1))
    samples.set(section.split('\n')[0], JSON.parse(section.match(/^ {4}\{[^]*?\}$/m)[0]));
  const block = (start) => guide.slice(guide.indexOf(`    ${start}`)).split(/\n(?=\S)/)[0].replaceAll(/^ {4}/gm, '');

  await withWebhook({ settings: 'token-expiry-warning-seconds = 1' }, async (server, receiver, { file }) => {
    const token = devToken(server);
    const manager = devToken(server, '--scope', 'DeviceManagementManagedDevices.ReadWrite.All');
    const profile = await createProfile(server, token);
    const headers = { 'client-request-id': '9c1f4bde-30a5-4a51-9f3e-6c1d6f0e8a11' };
    const create = async (seconds) => {
      const answer = await graph(server, 'POST', `${profilesPath}/${profile.id}/createToken`, { token, headers, body: { tokenValidityInSeconds: seconds } });
      assert.equal(answer.status, 204, answer.text);
      return (await graph(server, 'GET', `${profilesPath}/${profile.id}`, { token })).json.tokenValue;
    };
    const first = await create(3600);
    const devices = [];
    for (const serialNumber of ['S-1', 'S-2']) devices.push((await enroll(server, first, { serialNumber })).json);
    await create(3600);
    await enroll(server, first, { serialNumber: 'S-3' });
    await act(server, token, 'POST', `${profilesPath}/${profile.id}/revokeToken`, 204);
    await create(4);
    await act(server, manager, 'POST', `/deviceManagement/managedDevices/${devices[0].deviceId}/retire`, 204);
    await act(server, manager, 'DELETE', `/deviceManagement/managedDevices/${devices[0].deviceId}`, 204);
    await send(server.url, { method: 'DELETE', path: '/enroll/me', headers: { Authorization: `Bearer ${devices[1].deviceCredential}` } });
    const seen = () => new Set(types(receiver.events));
    await until('one of each', () => seen().size >= samples.size);
    assert.deepEqual([...samples.keys()].sort(), [...seen()].sort());
    for (const [type, sample] of samples) {
      const event = receiver.events.find((candidate) => candidate.type === type);
      const known = { ...sample, correlationId: event.correlationId, actor: { ...sample.actor, ...event.actor } };
      assert.deepEqual(shape(event), shape(known), type);
      assert.deepEqual(Object.keys(event.actor), Object.keys(sample.actor));
      assert.equal(event.actor.type === 'system', sample.actor.type === 'system');
    }

    const { text, headers: { 'muster-signature': signature } } = receiver.requests[0];
    const body = join(files, 'body.json');
    writeFileSync(join(files, 'verify.sh'), block('#!/bin/sh'), { mode: 0o700 });
    writeFileSync(join(files, 'verify.mjs'), block('import { createHmac'));
    const { isFromMuster } = await import(join(files, 'verify.mjs'));
    for (const [content, isRight] of [[text, true], [`${text} `, false]]) {
      writeFileSync(body, content);
      const result = spawnSync(join(files, 'verify.sh'), [file, signature, body], { encoding: 'utf8' });
      assert.equal(result.status, isRight ? 0 : 1, result.stderr);
      assert.equal(isFromMuster(receiver.secret, signature, Buffer.from(content)), isRight);
    }
    assert.equal(isFromMuster(receiver.secret, signature, Buffer.from(text), Date.now() / 1000 + 3600), false);
    assert.equal(isFromMuster('f'.repeat(64), signature, Buffer.from(text)), false);
    assert.equal(isFromMuster(receiver.secret, 'v1=', Buffer.from(text)), false);
  });
});
