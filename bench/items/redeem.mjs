// Item 3: redeeming, each time by a device that is new, beside createToken.
import { wrk } from '../support/load.mjs';
import { addProfiles, writeTokenValues } from '../support/muster.mjs';
import { alternate } from '../support/rounds.mjs';

export const title = 'Redeem';

export async function measure({ settings, report, muster, requests }) {
  const values = await writeTokenValues(muster, await addProfiles(muster, 1000));
  for (const connections of [64, 256]) {
    const result = await alternate(settings, {
      redeem: (round) => wrk(muster.url, connections, settings.seconds, 'redeem', values, `R${connections}-${round}`),
      create: () => wrk(muster.url, connections, settings.seconds, 'replay', requests.create),
    });
    report.rates(`redeem, ${connections} connections`, result.medians, result.values);
    report.ratio(`redeem / createToken, ${connections} connections`,
      result.medians.redeem / result.medians.create, { atLeast: 0.8 });
  }
}
