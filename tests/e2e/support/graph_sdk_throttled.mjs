// Makes more changes than the server allows at once, with Microsoft's client as it comes, and
// prints what went over the wire as JSON.
import graphClient from '@microsoft/microsoft-graph-client';

const seen = { answers: [], created: [] };
const send = globalThis.fetch;
globalThis.fetch = async (...request) => {
  const answer = await send(...request);
  seen.answers.push({ status: answer.status, retryAfter: answer.headers.get('retry-after') });
  return answer;
};
const client = graphClient.Client.init({
  baseUrl: process.env.GRAPH_BASE,
  defaultVersion: process.env.GRAPH_VERSION,
  customHosts: new Set([new URL(process.env.GRAPH_BASE).hostname]),
  authProvider: (done) => done(null, process.env.GRAPH_TOKEN),
});
const set = '/deviceManagement/androidForWorkEnrollmentProfiles';
for (const name of ['one', 'two', 'three', 'four'])
  seen.created.push((await client.api(set).post({ displayName: name })).displayName);
console.log(JSON.stringify(seen));
