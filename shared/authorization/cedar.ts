import { existsSync, readFileSync } from 'node:fs';
import { initSync } from '@cedar-policy/cedar-wasm/web';

const fileName = 'cedar_wasm_bg.wasm';

// The package's `web` build is the only one that survives bundling: it takes the bytes of its engine instead of looking
// for them. In a deployed function they lie beside the bundle (the bundler copies them), from source in the package.
function engineBytes(): Uint8Array<ArrayBuffer> {
  const besideBundle = new URL(fileName, import.meta.url);
  const file = existsSync(besideBundle)
    ? besideBundle
    : new URL(fileName, import.meta.resolve('@cedar-policy/cedar-wasm/web'));
  return new Uint8Array(readFileSync(file));
}

initSync({ module: engineBytes() });

export { preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/web';
