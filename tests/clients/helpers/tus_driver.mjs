// Takes {file, store, ...options of tus-js-client} on standard input and uploads the file; resumes
// what `store` knows of. Prints {sent} as it goes, then {url, resumed} or {error}, a line each.
import fs from 'node:fs';
import * as tus from 'tus-js-client';

let script = '';
for await (const chunk of process.stdin) script += chunk;
const { file, store, ...options } = JSON.parse(script);

const say = (what) => fs.writeSync(1, JSON.stringify(what) + '\n');
let resumed = false;
const upload = new tus.Upload(fs.createReadStream(file), {
  ...options,
  urlStorage: new tus.FileUrlStorage(store),
  onProgress: (sent) => say({ sent }),
  onSuccess: () => say({ url: upload.url, resumed }),
  onError: (error) => say({ error: String(error) }),
});
const [previous] = await upload.findPreviousUploads();
if (previous) {
  resumed = true;
  upload.resumeFromPreviousUpload(previous);
}
upload.start();
