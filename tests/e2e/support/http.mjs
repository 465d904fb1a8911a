// One HTTP request, sent exactly as written: no normalising of paths, no retries.
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { answerMilliseconds } from './server.mjs';

// Everything of a token's length that goes to the server must not turn up in its log. Shorter
// texts ("abc") could stand there by chance.
function keepLongSecret(server, text) {
  if (typeof text === 'string' && text.length >= 20) server.keepSecret(text);
}

export function send(base, { method = 'GET', path = '/', headers = {}, body, agent, ca } = {}) {
  const url = new URL(base);
  const client = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const request = client.request({
      host: url.hostname, port: url.port, method, path, agent, ca, setHost: true, headers,
    }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(parts).toString();
        let json;
        try { json = JSON.parse(text); } catch { json = undefined; }
        resolve({ status: response.statusCode, headers: response.headers, text, json });
      });
    });
    request.on('error', reject);
    request.setTimeout(answerMilliseconds, () => request.destroy(new Error(`no answer to ${method} ${path}`)));
    if (body !== undefined) request.write(body);
    request.end();
  });
}

export const profilesPath = '/deviceManagement/androidForWorkEnrollmentProfiles';
export const ownerPath = '/deviceManagement/androidDeviceOwnerEnrollmentProfiles';

// A Graph call: JSON in, JSON out.
export function graph(server, method, path, { token, body, version = 'v1.0', headers = {}, url } = {}) {
  keepLongSecret(server, token);
  return send(url ?? server.url, {
    method,
    path: `/${version}${path}`,
    headers: {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
  });
}

export async function createProfile(server, token, name = 'Kiosks', { path = profilesPath, ...rest } = {}) {
  const created = await graph(server, 'POST', path, { token, body: { displayName: name, ...rest } });
  if (created.status !== 201) throw new Error(`${created.status}: ${created.text}`);
  return created.json;
}

// Makes a token and reads its value.
export async function createToken(server, token, profileId, seconds = 3600, { path = profilesPath, ...extra } = {}) {
  const made = await graph(server, 'POST', `${path}/${profileId}/createToken`,
    { token, body: { tokenValidityInSeconds: seconds, ...extra } });
  if (made.status !== 204) throw new Error(`${made.status}: ${made.text}`);
  const read = await graph(server, 'GET', `${path}/${profileId}`, { token });
  server.keepSecret(read.json.tokenValue);
  return read.json;
}

export async function enroll(server, enrollmentToken, device = { serialNumber: 'R58M12345' }) {
  keepLongSecret(server, enrollmentToken);
  const answer = await send(server.url, {
    method: 'POST', path: '/enroll', headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ enrollmentToken, device }),
  });
  if (answer.json?.deviceCredential) server.keepSecret(answer.json.deviceCredential);
  return answer;
}

// Sends bytes as they are and returns all that comes back until the server closes or falls silent.
export function sendRaw(base, bytes, { quietMilliseconds = 1500 } = {}) {
  const url = new URL(base);
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: url.hostname, port: url.port });
    let answer = '';
    socket.setTimeout(quietMilliseconds, () => socket.destroy());
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (data) => { answer += data; });
    socket.on('error', (error) => (answer === '' ? reject(error) : resolve(answer)));
    socket.on('close', () => resolve(answer));
  });
}
