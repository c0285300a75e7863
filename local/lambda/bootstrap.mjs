// Runs inside each function's process. JavaScript, because stripping types would cost every cold start 50 ms.
import { registerHooks } from 'node:module';

// The other end is held by the embedded cloud: however that ends, this process ends with it.
process.stdin.on('end', () => process.exit(0));
process.stdin.on('error', () => process.exit(0));
process.stdin.resume();

const hooks = registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier !== './rapid-client.node') return nextResolve(specifier, context);
    hooks.deregister();
    return { url: new URL('./rapid-client.cjs', import.meta.url).href, format: 'commonjs', shortCircuit: true };
  },
});
await import('aws-lambda-ric');
