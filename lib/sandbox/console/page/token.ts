/**
 * The token of the page: kept for this tab only. It comes for the one-time code in the address, or in
 * the address itself; both are taken out of it before anything else happens, since the browser's
 * history and bookmarks would keep them.
 * @module
 */

const NAME = "sandbox token";

/** Takes code and token out of the address. Keeps the token, and returns the code, "" if there is none. */
export function takeFromAddress(): string {
  const address = new URL(location.href);
  const { searchParams } = address;
  const [code, token] = [searchParams.get("code"), searchParams.get("token")];
  if (code !== null || token !== null) {
    searchParams.delete("code");
    searchParams.delete("token");
    history.replaceState(null, "", address);
  }
  if (token !== null) keepToken(token);
  return code ?? "";
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
