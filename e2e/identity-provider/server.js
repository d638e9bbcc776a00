// The identity service of the imaginary province, for the journeys of e2e: whoever signs in writes down who he is.
//
//   npm ci && node server.js        prints `ready http://127.0.0.1:PORT` and serves until it is stopped
//
// It listens on this machine only, keeps everything in memory and knows one client.
import { createServer } from 'node:http';

import Provider from 'oidc-provider';

const CLIENT_ID = 'chengxin';
const CLIENT_SECRET = 'a secret that guards nobody, because nobody here exists';
// The claims that chengxin asks for by default.
const CLAIMS = ['name', 'id_kind', 'id_number'];

// Who signed in, by the name that the service gives him.
const people = new Map();

const page = (heading, main) => `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>${heading}</title></head>
<body><main><h1>${heading}</h1>${main}</main></body></html>`;

const field = (id, label) => `<p><label for="${id}">${label}</label> <input id="${id}" name="${id}" autocomplete="off"></p>`;

const configuration = {
  clients: [{
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    grant_types: ['authorization_code'],
    response_types: ['code'],
    // Any port of this machine: see below.
    redirect_uris: ['http://127.0.0.1/sign-in/identity/back'],
    post_logout_redirect_uris: ['http://127.0.0.1/'],
  }],
  claims: { openid: ['sub'], profile: CLAIMS },
  cookies: { keys: ['a key that lives as long as this process'] },
  pkce: { required: () => true },
  // Whoever has signed in agrees: the questions of a province's service are not what is tested here.
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope('openid profile');
    await grant.save();
    return grant;
  },
  async findAccount(_ctx, sub) {
    const person = people.get(sub);
    return person && { accountId: sub, claims: async () => ({ sub, ...person }) };
  },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: {
      enabled: true,
      async logoutSource(ctx, form) {
        ctx.body = page('退出省身份服务', `${form}<button type="submit" form="op.logoutForm" name="logout" value="yes">确定退出</button>`);
      },
    },
  },
};

const read = async (request) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  return new URLSearchParams(Buffer.concat(parts).toString('utf8'));
};

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, configuration);

  // The product takes a free port, which is not known before: only the port is left open.
  const allowed = (known) => function isAllowed(uri) {
    const asked = URL.canParse(uri) ? new URL(uri) : undefined;
    return asked?.protocol === 'http:' && asked.hostname === '127.0.0.1' && asked.pathname === known && asked.search === '';
  };
  provider.Client.prototype.redirectUriAllowed = allowed('/sign-in/identity/back');
  provider.Client.prototype.postLogoutRedirectUriAllowed = allowed('/');

  const serve = provider.callback();
  server.on('request', async (request, response) => {
    if (!request.url.startsWith('/interaction/')) {
      serve(request, response);
      return;
    }
    try {
      const { prompt } = await provider.interactionDetails(request, response);
      if (prompt.name !== 'login') throw new Error(`asks for ${prompt.name}`);
      if (request.method === 'POST') {
        const typed = await read(request);
        if (typed.get('answer') === 'no') {
          await provider.interactionFinished(request, response, {
            error: 'access_denied',
            error_description: 'the person said no',
          });
          return;
        }
        const sub = typed.get('sub');
        people.set(sub, { name: typed.get('name'), id_kind: '01', id_number: typed.get('id_number') });
        await provider.interactionFinished(request, response, { login: { accountId: sub } });
        return;
      }
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(page('省身份服务', `<form method="post" action="${request.url}">
${field('sub', '用户')}${field('name', '姓名')}${field('id_number', '公民身份号码')}
<button type="submit" name="answer" value="yes">同意并登录</button>
<button type="submit" name="answer" value="no">不同意</button></form>`));
    } catch (error) {
      response.statusCode = 400;
      response.end(String(error));
    }
  });
  console.log(`ready ${issuer}`);
});
