/**
 * A sandbox of AWS for tests: S3, IAM, STS, Lambda, CloudWatch and Firehose in one process on this
 * machine.
 *
 * @example
 * ```ts ignore
 * import { startSandbox } from "firehose-lab";
 *
 * const sandbox = await startSandbox();
 * const s3 = new S3Client(sandbox.clientConfig);
 * // …
 * await sandbox.flush();
 * const [object] = await sandbox.objects("my-records");
 * await sandbox.stop();
 * ```
 * @module
 */

export {
  type ClientConfig,
  type Credentials,
  Sandbox,
  type StartOptions,
  startSandbox,
} from "./sandbox.ts";
export {
  ControlError,
  type DeliveredObject,
  type Fault,
  type ListedFault,
  type SetFault,
} from "./control.ts";
export type { StoredObject } from "./objects.ts";
