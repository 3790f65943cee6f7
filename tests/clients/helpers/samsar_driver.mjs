// Takes {options, calls: [[method, ...arguments]]} on standard input, prints an array of results.
import { SamsarClient } from 'samsar-js';

let script = '';
for await (const chunk of process.stdin) script += chunk;
const { options, calls } = JSON.parse(script);

const client = new SamsarClient(options);
const results = [];
for (const [method, ...given] of calls) {
  try {
    const { status, data } = await client[method](...given);
    results.push({ status, data });
  } catch ({ name, status, message, body }) {
    results.push({ error: { name, status, message, body } });
  }
}
process.stdout.write(JSON.stringify(results));
