// A request counts from the moment at which all of it is there: what happened while its body was
// under way has happened before it.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { devToken, startServer } from './support/server.mjs';
import { createProfile, createToken, enroll, graph, profilesPath, send } from './support/http.mjs';

let server;
let token;
before(async () => {
  server = await startServer();
  token = devToken(server);
});
after(() => server.stop());

// Sends the head and half of the body, waits for what the test does meanwhile, then the rest.
async function sendSlowly(path, headers, body, meanwhile) {
  const url = new URL(server.url);
  const socket = net.connect({ host: url.hostname, port: url.port });
  let answer = '';
  socket.on('data', (data) => { answer += data; });
  const closed = new Promise((resolve, reject) => {
    socket.on('close', resolve);
    socket.on('error', reject);
  });
  const lines = Object.entries({ Host: url.host, 'Content-Type': 'application/json', Connection: 'close', 'Content-Length': body.length, ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.write(`POST ${path} HTTP/1.1\r\n${lines}\r\n${body.slice(0, 5)}`);
  await sleep(200);
  await meanwhile();
  socket.write(body.slice(5));
  await closed;
  return { status: Number(answer.split(' ')[1]), text: answer };
}

const redeem = (tokenValue, serialNumber, meanwhile) => sendSlowly('/enroll', {},
  JSON.stringify({ enrollmentToken: tokenValue, device: { serialNumber } }), meanwhile);

test('a token that is revoked while a device is still sending is refused', async () => {
  const made = await createToken(server, token, (await createProfile(server, token)).id);
  const answer = await redeem(made.tokenValue, 'slow and revoked', async () => {
    const revoked = await graph(server, 'POST', `${profilesPath}/${made.id}/revokeToken`, { token });
    assert.equal(revoked.status, 204);
  });
  assert.equal(answer.status, 403, answer.text);
});

test('a token that expires while a device is still sending is refused', async () => {
  const made = await createToken(server, token, (await createProfile(server, token)).id, 1);
  const answer = await redeem(made.tokenValue, 'slow and expired',
    () => sleep(Date.parse(made.tokenExpirationDateTime) - Date.now() + 50));
  assert.equal(answer.status, 403, answer.text);
});

test('a token that is made by a slow request lives for all of its validity', async () => {
  const profile = await createProfile(server, token);
  const answer = await sendSlowly(`/v1.0${profilesPath}/${profile.id}/createToken`, { Authorization: `Bearer ${token}` },
    '{"tokenValidityInSeconds": 60}', () => sleep(1500));
  assert.equal(answer.status, 204, answer.text);
  const finished = Date.now();
  const read = (await graph(server, 'GET', `${profilesPath}/${profile.id}`, { token })).json;
  assert.ok(Date.parse(read.tokenExpirationDateTime) > finished + 60000 - 1000, read.tokenExpirationDateTime);
});

// A proxy in front might have looked at the other one.
test('two Authorization headers are refused, whichever comes first', async () => {
  const both = [`Bearer ${token}`, 'Bearer x'];
  for (const values of [both, [...both].reverse()]) {
    const answer = await send(server.url, { path: `/v1.0${profilesPath}`, headers: { Authorization: values } });
    assert.equal(answer.status, 401, answer.text);
    assert.equal(answer.json.error.code, 'InvalidAuthenticationToken');
  }
  const made = await createToken(server, token, (await createProfile(server, token)).id);
  const { deviceCredential } = (await enroll(server, made.tokenValue, { imei: 'twice' })).json;
  const twice = await send(server.url, { path: '/enroll/me', headers: { Authorization: [`Bearer ${deviceCredential}`, 'Bearer x'] } });
  assert.equal(twice.status, 401);
});
