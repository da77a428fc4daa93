/**
 * The token of the page: it comes for the one-time code in the address, and is kept for this tab only.
 * @module
 */

const NAME = "sandbox token";

/** Takes the code out of the address, before anything else happens, and returns it; "" if there is none. */
export function takeCode(): string {
  const address = new URL(location.href);
  const code = address.searchParams.get("code");
  if (code === null) return "";
  address.searchParams.delete("code");
  history.replaceState(null, "", address);
  return code;
}

/** The token; empty if the page has none. */
export const keptToken = (): string => sessionStorage.getItem(NAME) ?? "";

/** Keeps a token until the tab is closed. */
export function keepToken(token: string): void {
  sessionStorage.setItem(NAME, token.trim());
}

/** Forgets the token. */
export function dropToken(): void {
  sessionStorage.removeItem(NAME);
}
