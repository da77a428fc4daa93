/**
 * The address of the repository, to which the site's links to code lead.
 * @module
 */

/** Where the address may come from, in the order of precedence. */
export interface RepositorySources {
  /** `--repository URL`. */
  readonly option?: string;
  /** GITHUB_SERVER_URL and GITHUB_REPOSITORY are read. */
  readonly environment: Readonly<Record<string, string>>;
  /** What `git remote get-url origin` printed. */
  readonly remote?: string;
}

/**
 * The repository's web address without a slash at its end; undefined if none is known. A remote that is
 * a folder has none.
 *
 * Throws a `TypeError` if `--repository` is not an http(s) address.
 */
export function repositoryUrl(sources: RepositorySources): string | undefined {
  const { option, environment, remote } = sources;
  if (option !== undefined) {
    const url = webAddress(option);
    if (url) return url;
    throw new TypeError(
      `--repository takes an address such as https://github.com/OWNER/NAME, not "${option}".`,
    );
  }
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = environment;
  if (server && name) return webAddress(`${server}/${name}`);
  return remote === undefined ? undefined : webAddress(webFormOf(remote.trim()));
}

/** `git@HOST:PATH` and `ssh://git@HOST/PATH` as `https://HOST/PATH`. */
function webFormOf(remote: string): string {
  const ssh = /^ssh:\/\/(?:[^@/]+@)?([^/:]+)(?::\d+)?\/(.+)$/.exec(remote) ??
    /^[\w.-]+@([^/:]+):(.+)$/.exec(remote);
  return ssh ? `https://${ssh[1]}/${ssh[2]}` : remote;
}

/** The address without user, password, query and `.git`, none of which belongs on a page. */
function webAddress(text: string): string | undefined {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return undefined;
  const { protocol, host, pathname } = new URL(text);
  return `${protocol}//${host}${pathname.replace(/\/+$/, "").replace(/\.git$/, "")}`;
}
