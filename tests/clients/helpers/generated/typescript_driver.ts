// Calls a Playout through the clients that @hey-api/openapi-ts generated. The compiler has checked
// that every body and answer has the type of the document.
//
// Takes the address of the Playout, a key and the id of a project. Prints each call: its operation
// and the status.
import { createClient as productionsClient } from "./productions/client/index.js";
import * as productions from "./productions/index.js";
import { createClient as publicationsClient } from "./publications/client/index.js";
import * as publications from "./publications/index.js";
import { createClient as sharesClient } from "./shares/client/index.js";
import * as shares from "./shares/index.js";
import { createClient as videosClient } from "./videos/client/index.js";
import * as videos from "./videos/index.js";

declare const process: { argv: string[] };

const [url = "", key = "", project = ""] = process.argv.slice(2);
const auth = (scheme: { scheme?: string }) => (scheme.scheme === "bearer" ? key : undefined);

async function done<T>(
  operation: string,
  call: Promise<{ data?: T; error?: unknown; response?: Response }>,
): Promise<T> {
  const { data, error, response } = await call;
  console.log(JSON.stringify({ operation, status: response?.status }));
  if (data === undefined) throw new Error(`${operation}: ${JSON.stringify(error)}`);
  return data;
}

function check(holds: boolean, sentence: string): void {
  if (!holds) throw new Error(sentence);
}

async function callVideos(): Promise<string> {
  const client = videosClient({ baseUrl: `${url}/api/v1`, auth });
  const body = { title: "From TypeScript", workspace: Number(project), has_subtitles: true };
  const video = await done("createVideo", videos.createVideo({ client, body }));
  const path = { video_id: video.id };
  const source = new Blob(["not a film, which the server finds out later"]);
  await done("putSource", videos.putSource({ client, path, body: source }));
  const captions = await done(
    "putCaptions",
    videos.putCaptions({
      client,
      path: { ...path, language: "en" },
      query: { default: true },
      body: new Blob(["WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n"]),
    }),
  );
  check(captions.default, "the captions are the default");
  const external = { external_url: "https://cdn.example.com/final.mp4" };
  await done("updateVideo", videos.updateVideo({ client, path, body: external }));
  await done("publishVideo", videos.publishVideo({ client, path }));
  const query = { search: "From TypeScript", is_draft: false };
  const found = await done("listVideos", videos.listVideos({ client, query }));
  check(found.results.map((each) => each.id).includes(video.id), "the list has the video");
  const key_body = { name: "From TypeScript", role: "Viewer" as const };
  await done("addKey", videos.addKey({ client, body: key_body }));
  const missing = await videos.retrieveVideo({ client, path: { video_id: 2 ** 40 } });
  check(missing.error?.status === 404, "the error is a problem");
  return video.session_id;
}

async function callPublications(session_id: string): Promise<void> {
  const client = publicationsClient({ baseUrl: `${url}/v1`, auth });
  const body = { session_id, title: "Published", tags: "a, b", has_subtitles: "no" };
  const published = await done("publish", publications.publish({ client, body }));
  check(published.publication.tags.length === 2, "both tags are there");
  const path = { session_id };
  await done("editSession", publications.editSession({ client, path, body: { title: "Edited" } }));
  await done("publishSession", publications.publishSession({ client, path }));
  const nested = { input: { session_id } };
  const revoked = await done("revoke", publications.revoke({ client, body: nested }));
  check(revoked.revoked, "it is revoked");
}

async function callShares(): Promise<void> {
  const client = sharesClient({ baseUrl: `${url}/api`, auth });
  const [first] = await done("listProjects", shares.listProjects({ client }));
  const path = { project_id: first?.id ?? "", channel: "STAGING" as const };
  const body = { publicTitle: "From TypeScript", personalizationData: { name: "Ana" } };
  const share = await done("putShare", shares.putShare({ client, path, body }));
  const rotated = await done("rotateSlug", shares.rotateSlug({ client, path }));
  check(rotated.previousSlug === share.slug, "the former slug is named");
}

async function callProductions(): Promise<void> {
  const client = productionsClient({ baseUrl: url, auth });
  const body = [{ name: "From TypeScript" }];
  const created = await done("createProductions", productions.createProductions({ client, body }));
  const production_id = created.data[0]?.id ?? "";
  const settings = { startDate: "2030-01-01", targeting: { platforms: ["web" as const] } };
  const activations = await done(
    "createActivations",
    productions.createActivations({
      client,
      path: { production_id },
      body: [{ name: "Campaign", settings }],
    }),
  );
  check(activations.data[0]?.status === "scheduled", "the activation is scheduled");
  const page = await done("listProductions", productions.listProductions({ client }));
  check(page.data.some((each) => each.id === production_id), "the list has the production");
  const path = { production_id };
  await done("deleteProduction", productions.deleteProduction({ client, path }));
}

await callPublications(await callVideos());
await callShares();
await callProductions();
