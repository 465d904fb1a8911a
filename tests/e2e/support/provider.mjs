// A real, certified OpenID provider (oidc-provider) on loopback, as a second issuer.
import http from 'node:http';
import Provider from 'oidc-provider';
import { generateKeyPair, exportJWK } from 'jose';

export const audience = 'https://graph.microsoft.com';

export async function makeSigningKey(kid, algorithm = 'RS256') {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, use: 'sig', alg: algorithm };
}

// claims: what the access tokens carry besides the provider's own. Stopping and starting on the
// same port with other keys is how such a provider rolls them.
export async function startProvider({ keys, claims, port = 0, scopes }) {
  const listener = http.createServer();
  await new Promise((resolve) => listener.listen(port, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${listener.address().port}`;
  const algorithm = keys[0].alg;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'automation', client_secret: 'a-secret-of-the-test',
      grant_types: ['client_credentials', 'authorization_code'],
      redirect_uris: ['http://127.0.0.1/callback'], response_types: ['code'],
      id_token_signed_response_alg: algorithm,
    }],
    jwks: { keys },
    scopes: ['openid', ...scopes],
    pkce: { required: () => false },
    cookies: { keys: ['a-cookie-secret-of-the-test'] },
    extraTokenClaims: () => claims,
    findAccount: (context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: scopes.join(' '), audience, accessTokenFormat: 'jwt',
          accessTokenTTL: 3600, jwt: { sign: { alg: algorithm } },
        }),
      },
    },
  });
  listener.on('request', provider.callback());
  return {
    issuer,
    port: listener.address().port,
    stop: () => new Promise((resolve) => {
      listener.close(resolve);
      listener.closeAllConnections();
    }),
  };
}

async function tokenRequest(issuer, parameters) {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      Authorization: `Basic ${Buffer.from('automation:a-secret-of-the-test').toString('base64')}`,
    },
    body: new URLSearchParams({ resource: audience, ...parameters }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(JSON.stringify(answer));
  return answer.access_token;
}

export function applicationToken({ issuer }, scope) {
  return tokenRequest(issuer, { grant_type: 'client_credentials', scope });
}

// Signs in as a person would in a browser: follows redirects, keeps cookies, fills in both forms.
export async function delegatedToken({ issuer }, scope, user = 'alice') {
  const cookies = new Map();
  const visit = async (address, form) => {
    const response = await fetch(new URL(address, issuer), {
      method: form ? 'POST' : 'GET', redirect: 'manual', body: form && new URLSearchParams(form),
      headers: { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const cookie of splitCookies(response)) {
      const [name, value] = cookie.split(';')[0].split(/=(.*)/s);
      cookies.set(name, value);
    }
    return response.headers.get('location');
  };
  const query = new URLSearchParams({
    client_id: 'automation', response_type: 'code', redirect_uri: 'http://127.0.0.1/callback',
    scope: `openid ${scope}`, resource: audience, prompt: 'consent',
  });
  let location = await visit(`/auth?${query}`);
  const forms = [{ prompt: 'login', login: user, password: 'any' }, { prompt: 'consent' }];
  for (let step = 0; !location.startsWith('http://127.0.0.1/callback') && step < 12; step += 1) {
    location = location.includes('/interaction/') ? await visit(location, forms.shift())
      : await visit(location);
  }
  const code = new URL(location).searchParams.get('code');
  return tokenRequest(issuer, { grant_type: 'authorization_code', code, redirect_uri: 'http://127.0.0.1/callback' });
}

// Debian's Node 18 joins the cookies of an answer with commas; the date of one has a comma, too.
function splitCookies(response) {
  return (response.headers.get('set-cookie') ?? '').split(/, (?=[^ ;=]+=)/);
}
