// Takes {page, sitemap} on standard input: prints what packages from npm read there, as JSON.
import { extract, setProviderList } from '@extractus/oembed-extractor';
import { Readable } from 'node:stream';
import { ErrorLevel, parseSitemap } from 'sitemap';
import { unfurl } from 'unfurl.js';

let text = '';
for await (const chunk of process.stdin) text += chunk;
const { page, sitemap } = JSON.parse(text);

const answer = await fetch(sitemap);
const items = await parseSitemap(Readable.fromWeb(answer.body), { level: ErrorLevel.THROW });
const { origin } = new URL(page);
const endpoint = { url: `${origin}/oembed`, schemes: [`${origin}/v/*`] };
setProviderList([{ provider_name: 'Playout', provider_url: origin, endpoints: [endpoint] }]);
// It takes every provider for one with https.
const plain = (address) => fetch(address.replace(/^https:/, 'http:'));
const oembed = await extract(page, { maxwidth: 320 }, plain);
process.stdout.write(JSON.stringify({ items, oembed, unfurled: await unfurl(page) }));
