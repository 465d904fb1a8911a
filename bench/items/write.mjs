// Item 1: durable createToken beside a durable SET, a lease grant, and a bare 204.
import { RedisLoad, wrk } from '../support/load.mjs';
import { alternate } from '../support/rounds.mjs';

export const title = 'Durable createToken';

export async function measure({ settings, report, muster, peers, requests }) {
  const redis = new RedisLoad(peers.redis);
  for (const connections of [64, 256]) {
    const { medians, values } = await alternate(settings, {
      muster: () => wrk(muster.url, connections, settings.seconds, 'replay', requests.create),
      redis: () => redis.run(connections, settings.seconds),
      etcd: () => wrk(peers.etcd.url, connections, settings.seconds, 'replay', peers.etcd.requests),
      nginx: () => wrk(peers.nginx.url, connections, settings.seconds, 'replay', requests.create),
    });
    const at = `${connections} connections`;
    report.rates(`createToken, ${at}`, medians, values);
    report.ratio(`createToken / Redis SET, fsync always, ${at}`, medians.muster / medians.redis, { atLeast: 0.8, aim: 1.2 });
    report.ratio(`createToken / etcd lease grant, ${at}`, medians.muster / medians.etcd, { atLeast: 4 });
    report.ratio(`createToken / nginx 204, ${at}`, medians.muster / medians.nginx, { atLeast: 0.5, aim: 0.75 });
    report.keep('createTokenRate', Math.max(medians.muster, report.kept.createTokenRate ?? 0));
  }
}
