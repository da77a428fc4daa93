/**
 * The same for `import` under a Node without synchronous hooks (before 22.15): runs on a thread of
 * Node's own.
 * @module
 */

let parentURL;

export function initialize(data) {
  parentURL = data;
}

export async function resolve(name, context, next) {
  try {
    return await next(name, context);
  } catch (error) {
    const isSdk = /^(@aws-sdk|@smithy|@aws-crypto|@aws)\//.test(name);
    if (error.code !== "ERR_MODULE_NOT_FOUND" || !isSdk) throw error;
    try {
      return await next(name, { ...context, parentURL });
    } catch {
      throw error;
    }
  }
}
