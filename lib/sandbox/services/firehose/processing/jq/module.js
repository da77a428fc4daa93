/**
 * jq 1.6 as a WebAssembly module: npm jq-web 0.5.1, whose sources are those of the release.
 * JavaScript, since TypeScript does not read `import source` yet.
 * @module
 */

// @ts-self-types="./module.d.ts"
import source jqModule from "jq-web/jq.wasm.wasm";

export { jqModule };
