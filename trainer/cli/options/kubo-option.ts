import { z } from "zod";

/** Paths that name the RPC API itself; the daemon has one below `/api/v0`. */
const API_PATHS = new Set(["/", "/api/v0", "/api/v0/"]);

/** Address of a Kubo daemon's RPC API, as its origin. */
export const kuboOption = z
  .string()
  .transform((text, context) => {
    const problem = problemOf(text);
    if (problem === undefined) return new URL(text).origin;
    context.addIssue(`${problem}: expected the RPC API of a Kubo daemon, such as http://127.0.0.1:5001`);
    return z.NEVER;
  })
  .optional();

function problemOf(text: string): string | undefined {
  if (!URL.canParse(text)) return "not a URL with scheme and host";
  const { protocol, hostname, username, password, pathname, search, hash } = new URL(text);
  if (protocol !== "http:" && protocol !== "https:") return `scheme ${protocol.slice(0, -1)} instead of http or https`;
  if (hostname === "") return "no host";
  // Not printed: logs must not have passwords.
  if (username !== "" || password !== "") return "user names and passwords are not supported";
  if (!API_PATHS.has(pathname) || search !== "" || hash !== "") return "a path, a query or a fragment";
  return undefined;
}
