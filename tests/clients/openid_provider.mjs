// A certified OpenID provider on this machine. `node openid_provider.mjs <settings as JSON>` prints
// a line when it serves. Each start has new keys. The people are in a file, read at each sign-in.

import { readFileSync } from "node:fs";
import { exportJWK, generateKeyPair } from "jose";
import { Provider } from "oidc-provider";

const settings = JSON.parse(process.argv[2]);
const { privateKey } = await generateKeyPair("RS256", { extractable: true });
const key = { ...(await exportJWK(privateKey)), use: "sig", alg: "RS256", kid: settings.kid };

const provider = new Provider(settings.issuer, {
  clients: [
    {
      client_id: settings.client,
      client_secret: settings.secret,
      redirect_uris: settings.redirects,
      post_logout_redirect_uris: settings.after,
    },
  ],
  claims: { email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
  cookies: { keys: ["of the tests"] },
  findAccount(_, id) {
    const claims = JSON.parse(readFileSync(settings.people))[id];
    return claims && { accountId: id, claims: () => ({ sub: id, ...claims }) };
  },
  jwks: { keys: [key] },
  pkce: { required: () => true },
  ttl: { AccessToken: 600, AuthorizationCode: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
});
provider.listen(settings.port, "127.0.0.1", () => console.log("serving"));
