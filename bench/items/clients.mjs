// Item 6: ten thousand idle connections, and HTTPS.
import { idleConnectionsTool, wrk } from '../support/load.mjs';
import { memoryOf } from '../support/muster.mjs';
import { startProcess, waitFor } from '../support/processes.mjs';
import { alternate } from '../support/rounds.mjs';

export const title = 'Idle clients and TLS';

const connections = 64;

async function withIdleConnections(muster, requests, count, work) {
  const holder = startProcess(idleConnectionsTool, [muster.port, requests, String(count)],
    { stdio: ['pipe', 'pipe', 'pipe'] });
  await waitFor('idle_connections', holder, async () => holder.output.includes('open\n'), 120);
  const result = await work();
  holder.stdin.end();
  await holder.exited;
  return result;
}

export async function measure({ settings, report, muster, requests }) {
  const load = (url) => wrk(url, connections, settings.seconds, 'replay', requests.create);
  const costs = [];
  const idle = await alternate(settings, {
    idle: () => {
      const before = memoryOf(muster);
      return withIdleConnections(muster, requests.create, settings.idleConnections, () => {
        costs.push(memoryOf(muster) - before);
        return load(muster.url);
      });
    },
    none: () => load(muster.url),
  });
  report.rates(`createToken beside ${settings.idleConnections} idle connections`, idle.medians, idle.values);
  report.ratio('createToken with idle connections / without', idle.medians.idle / idle.medians.none, { atLeast: 0.9 });
  // Memory of closed connections is used again, so the first round tells most.
  report.ratio('memory of the idle connections, MiB', Math.max(...costs), { atMost: 200 });
  report.value('memory of the server beside them, MiB', memoryOf(muster), 'MiB');

  const tls = await alternate(settings, { https: () => load(muster.tlsUrl), http: () => load(muster.url) });
  report.rates('createToken over HTTPS', tls.medians, tls.values);
  report.ratio('createToken over HTTPS / plain', tls.medians.https / tls.medians.http, { atLeast: 0.7 });
}
