/**
 * The code that a notebook's kernel runs before its first cell. Nothing of the course is loaded then:
 * a cell that is run before the setup cell would say "aws is not defined". With this code it says
 * which cell to run.
 * @module
 */

/** Where the names of names' stand-ins are kept, on the kernel's global object. */
const STAND_INS = Symbol.for("firehose-lab.before-setup");

/**
 * JavaScript that gives each of `names` a stand-in, whose reading throws a `ReferenceError` that says
 * to run the setup cell. It also keeps a kernel alive when Stop is pressed before the setup cell has
 * run, which listens for it from then on (`lib/view/stop.ts`).
 */
export function kernelStartCode(names: readonly string[]): string {
  return `
for (const name of ${JSON.stringify(names)}) {
  if (name in globalThis) continue;
  (globalThis[Symbol.for(${JSON.stringify(STAND_INS.description)})] ??= []).push(name);
  Object.defineProperty(globalThis, name, {
    configurable: true,
    get() {
      const error = new ReferenceError(
        'This cell needs "' + name + '". Run the setup cell first: the folded cell below the ' +
          "picture at the top (click its three dots, then Shift+Enter). Then run this cell again.",
      );
      error.stack = String(error); // without a line of this code, which the reader does not see
      throw error;
    },
    set(value) {
      Object.defineProperty(globalThis, name, {
        configurable: true, enumerable: true, writable: true, value,
      });
    },
  });
}
globalThis.Deno?.addSignalListener("SIGINT", () => {});
`;
}

/** Takes the stand-ins away that are left when the setup cell has run. */
export function removeStandIns(target: object): void {
  const names: unknown = Reflect.get(target, STAND_INS);
  if (!Array.isArray(names)) return;
  for (const name of names) {
    if (Object.getOwnPropertyDescriptor(target, name)?.get) Reflect.deleteProperty(target, name);
  }
  Reflect.deleteProperty(target, STAND_INS);
}
