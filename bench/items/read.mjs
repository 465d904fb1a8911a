// Item 2: reads beside static files of the same size.
import { wrk } from '../support/load.mjs';
import { writeStaticRequest } from '../support/muster.mjs';
import { alternate } from '../support/rounds.mjs';

export const title = 'Reads';

const connections = 64;

export async function measure({ settings, report, muster, peers, profiles, requests }) {
  for (const [name, what, atLeast] of [['profile', 'one profile', 0.6], ['page', 'page of 100 profiles', 0.3]]) {
    const file = writeStaticRequest(muster, profiles, name);
    const { medians, values } = await alternate(settings, {
      muster: () => wrk(muster.url, connections, settings.seconds, 'replay', requests[name]),
      nginx: () => wrk(peers.nginx.url, connections, settings.seconds, 'replay', file),
    });
    report.rates(`GET ${what}`, medians, values);
    report.ratio(`GET ${what} / nginx static file`, medians.muster / medians.nginx, { atLeast });
  }
}
