// The compiler copies only TypeScript. What a browser is given lies beside the code that serves it, so it travels along.
import { cp } from 'node:fs/promises';

const folders = ['site/assets', 'simulators/onfido/assets'];
for (const folder of folders) {
  await cp(new URL(`../src/${folder}`, import.meta.url), new URL(`../dist/src/${folder}`, import.meta.url), {
    recursive: true,
    force: true,
  });
}
