/**
 * The sandbox's own version, as its health pages show it.
 * @module
 */

export const VERSION = "0.1.0";
