// Item 7: verified bearer tokens are remembered, and a flood of valid ones stays bounded.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoTenant } from '../../tests/e2e/support/server.mjs';
import { BearerTokens } from '../support/bearer_tokens.mjs';
import { wrk } from '../support/load.mjs';
import { addProfiles, inParallel, memoryOf, metricsOf, startMuster, writeAllRequests } from '../support/muster.mjs';

export const title = 'Verified bearer tokens';

const connections = 64;

const hitRate = (before, after) => {
  const hits = after.muster_bearer_cache_hits_total - before.muster_bearer_cache_hits_total;
  const misses = after.muster_bearer_cache_misses_total - before.muster_bearer_cache_misses_total;
  return hits / (hits + misses);
};

export async function measure({ settings, report }) {
  const muster = await startMuster(settings);
  const [profile] = await addProfiles(muster, 1);
  const usual = writeAllRequests(muster, [profile]).profile;
  const start = await metricsOf(muster);
  const rate = await wrk(muster.url, connections, settings.seconds, 'replay', usual);
  const warm = await metricsOf(muster);
  report.ratio('cache hits / requests, one token', hitRate(start, warm), { atLeast: 0.99 });
  const before = memoryOf(muster);

  const tokens = new BearerTokens(muster.directory);
  const numbers = Array.from({ length: settings.floodTokens }, (_, index) => index + 1);
  const bearers = await inParallel(numbers, 8, (number) => tokens.make(demoTenant, number));
  const flood = join(muster.directory, 'flood.requests');
  writeFileSync(flood, bearers.map((bearer) => `GET /v1.0/deviceManagement/androidForWorkEnrollmentProfiles/${profile.id} HTTP/1.1\r\n` +
    `Host: 127.0.0.1\r\nAuthorization: Bearer ${bearer}\r\n\r\n`).join('\0'));
  const flooded = await wrk(muster.url, connections, settings.seconds, 'replay', flood);
  const after = await metricsOf(muster);
  report.value(`GET one profile, one token`, rate, '/s');
  report.value(`GET one profile, ${settings.floodTokens} tokens in turn`, flooded, '/s');
  report.value('cache hits / requests, flood', hitRate(warm, after), '');
  report.ratio('cache entries / the bound', after.muster_bearer_cache_entries / (4096 * settings.loops), { atMost: 1 });
  report.ratio('memory that the flood added, MiB', memoryOf(muster) - before, { atMost: 32 });
  await muster.stop();
}
