// The peers, each as it is usually run, on a free port of loopback, with data of its own beside
// Muster's.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, makeDirectory, startProcess, stopProcess, waitFor } from './processes.mjs';

const answers = (url, options) => async () => (await fetch(url, options)).status < 500;

// What is durable in Redis as a token is in Muster.
export const redisCommand = (key) => ['SET', key, 'AKBXBC4B8QJPMF94N80H4Y2NG0', 'EX', '3600'];

const overTheWire = (words) => `*${words.length}\r\n` + words.map((word) => `$${word.length}\r\n${word}\r\n`).join('');

async function startRedis(settings) {
  const port = await freePort();
  const directory = makeDirectory(settings.directory, 'redis');
  const child = startProcess('redis-server', ['--port', String(port), '--bind', '127.0.0.1',
    '--dir', directory, '--save', '', '--appendonly', 'yes', '--appendfsync', 'always']);
  await waitFor('redis-server', child, async () => child.output.includes('Ready to accept connections'));
  const requests = join(directory, 'requests');
  writeFileSync(requests, Array.from({ length: 1000 }, (_, i) =>
    overTheWire(redisCommand(`key:${String(i).padStart(12, '0')}`))).join('\0'));
  return { name: 'redis', port, directory, requests, stop: () => stopProcess(child) };
}

async function startEtcd(settings) {
  const [port, peerPort] = [await freePort(), await freePort()];
  const directory = makeDirectory(settings.directory, 'etcd');
  const url = `http://127.0.0.1:${port}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  const child = startProcess('etcd', ['--name', 'bench', '--data-dir', directory,
    '--listen-client-urls', url, '--advertise-client-urls', url,
    '--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl,
    '--initial-cluster', `bench=${peerUrl}`, '--log-level', 'error'],
  { env: { ...process.env, ETCD_UNSUPPORTED_ARCH: process.arch } });
  await waitFor('etcd', child, answers(`${url}/health`));
  const requests = join(directory, 'requests');
  const body = '{"TTL":3600,"ID":0}';
  writeFileSync(requests, 'POST /v3/lease/grant HTTP/1.1\r\nHost: 127.0.0.1\r\n' +
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  return { name: 'etcd', url, directory, requests, stop: () => stopProcess(child) };
}

// Serves the files given by name, and answers anything else with a bare 204.
async function startNginx(settings, files) {
  const port = await freePort();
  const directory = makeDirectory(settings.directory, 'nginx');
  mkdirSync(join(directory, 'files'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, 'files', name), text);
  writeFileSync(join(directory, 'nginx.conf'), `
${process.getuid() === 0 ? 'user root;' : ''}
worker_processes ${settings.loops};
daemon off;
pid ${directory}/nginx.pid;
error_log ${directory}/error.log;
events { worker_connections 4096; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  default_type application/json;
  client_body_temp_path ${directory}/body;
  proxy_temp_path ${directory}/proxy;
  fastcgi_temp_path ${directory}/fastcgi;
  uwsgi_temp_path ${directory}/uwsgi;
  scgi_temp_path ${directory}/scgi;
  server {
    listen 127.0.0.1:${port};
    root ${directory}/files;
    location / { return 204; }
    location ~ ^/(profile|page)$ { }
  }
}
`);
  const child = startProcess('nginx', ['-p', directory, '-c', join(directory, 'nginx.conf')]);
  const url = `http://127.0.0.1:${port}`;
  await waitFor('nginx', child, answers(url));
  return { name: 'nginx', url, directory, stop: () => stopProcess(child) };
}

export const peers = { redis: startRedis, etcd: startEtcd, nginx: startNginx };
