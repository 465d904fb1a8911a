// A receiver of webhooks: a real HTTPS server with a certificate of a CA of its own, which checks
// each signature as docs/webhooks.md tells to.
import { spawnSync } from 'node:child_process';
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { join } from 'node:path';

function openssl(directory, ...argumentList) {
  const result = spawnSync('openssl', argumentList, { cwd: directory, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(result.stderr);
}

// ca.pem, and tls.pem with tls.key for this machine.
export function makeCertificate(directory) {
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  openssl(directory, 'req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem',
    '-subj', '/CN=webhook test CA');
  writeFileSync(join(directory, 'tls.ext'), 'subjectAltName=DNS:localhost,IP:127.0.0.1');
  openssl(directory, 'req', ...newKey, '-keyout', 'tls.key', '-out', 'tls.csr', '-subj', '/CN=localhost');
  openssl(directory, 'x509', '-req', '-in', 'tls.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key',
    '-CAcreateserial', '-days', '2', '-extfile', 'tls.ext', '-out', 'tls.pem');
  return {
    ca: join(directory, 'ca.pem'),
    cert: readFileSync(join(directory, 'tls.pem')), key: readFileSync(join(directory, 'tls.key')),
  };
}

export function makeSecret(directory, name = 'webhook.secret') {
  const secret = randomBytes(32).toString('hex');
  const file = join(directory, name);
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  return { secret, file };
}

// As in docs/webhooks.md.
export function verify(secret, header, body, now = Date.now() / 1000) {
  const parts = header.split(',').map((part) => part.split('='));
  const time = parts.find(([name]) => name === 't')?.[1];
  if (Math.abs(now - Number(time)) > 300) return false;
  const expected = createHmac('sha256', secret).update(`${time}.`).update(body).digest();
  return parts.filter(([name]) => name === 'v1').some(([, hex]) => {
    const code = Buffer.from(hex, 'hex');
    return code.length === expected.length && timingSafeEqual(code, expected);
  });
}

// answer(request, response, event) decides; without it every event is taken. requests are all that
// came, events those that were answered with 204 by default, each with its body as JSON.
export async function startReceiver({ certificate, secret, port = 0 } = {}) {
  const receiver = { requests: [], events: [], answer: undefined };
  const handle = (request, response) => {
    const parts = [];
    request.on('error', () => {});
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      const event = JSON.parse(body);
      receiver.requests.push({
        method: request.method, path: request.url, headers: request.headers, text: body.toString(),
        event, isSigned: verify(receiver.secret, request.headers['muster-signature'], body),
      });
      if (receiver.answer !== undefined) {
        receiver.answer(request, response, event);
        return;
      }
      receiver.events.push(event);
      response.writeHead(204).end();
    });
  };
  receiver.secret = secret;
  const listener = certificate === undefined ? http.createServer(handle)
    : https.createServer({ key: certificate.key, cert: certificate.cert }, handle);
  await new Promise((resolve, reject) => {
    listener.on('error', reject);
    listener.listen(port, '127.0.0.1', resolve);
  });
  receiver.port = listener.address().port;
  receiver.url = `${certificate === undefined ? 'http' : 'https'}://localhost:${receiver.port}/muster`;
  receiver.stop = () => new Promise((resolve) => {
    listener.close(resolve);
    listener.closeAllConnections();
  });
  return receiver;
}
