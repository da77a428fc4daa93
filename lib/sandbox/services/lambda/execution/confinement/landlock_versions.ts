/**
 * Versions of Landlock's interface, by what came with them
 * (https://docs.kernel.org/userspace-api/landlock.html).
 * @module
 */

/** TCP ports: Linux 6.7. */
export const ABI_WITH_PORTS = 4;
/** Commands to devices: Linux 6.10. */
export const ABI_WITH_IOCTL = 5;
/** Signals and abstract sockets: Linux 6.12. */
export const ABI_WITH_SCOPES = 6;
