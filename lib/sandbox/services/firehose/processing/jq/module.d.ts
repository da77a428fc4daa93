/** jq 1.6, compiled and not yet instantiated. */
export declare const jqModule: WebAssembly.Module;
