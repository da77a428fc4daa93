/**
 * The token of the page: taken out of the address at once, and kept for this tab only.
 * @module
 */

const NAME = "sandbox token";

/** The token, if the page has one. In the address it is a secret that history and bookmarks would keep. */
export function takeToken(): string {
  const address = new URL(location.href);
  const given = address.searchParams.get("token");
  if (given !== null) {
    address.searchParams.delete("token");
    history.replaceState(null, "", address);
    keepToken(given);
  }
  return sessionStorage.getItem(NAME) ?? "";
}

/** Keeps a token until the tab is closed. */
export function keepToken(token: string): void {
  sessionStorage.setItem(NAME, token.trim());
}

/** Forgets the token. */
export function dropToken(): void {
  sessionStorage.removeItem(NAME);
}
