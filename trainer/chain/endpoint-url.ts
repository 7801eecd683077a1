import { CommonweightError } from "@commonweight/sdk/errors";

/** Host with an optional port and path, as people write it without a scheme. */
const BARE = /^(\[[0-9a-f:.]+\]|[a-z0-9](?:[\w.-]*[a-z0-9])?)(:\d{1,5})?(\/\S*)?$/i;

/**
 * Parses the address of an RPC endpoint. Messages show host and port only: the rest may be an access key.
 *
 * @throws CHAIN_URL_INVALID
 */
export function endpointUrl(text: string): URL {
  const bare = BARE.exec(text.trim());
  const url = bare === null ? parsed(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  const place = bare === null ? undefined : `${bare[1] ?? ""}${bare[2] ?? ""}`;
  if (place !== undefined) throw invalid(`'${place}' is not an http(s) address`, `Write http://${place}.`);
  const what = url === undefined ? "an endpoint" : `an endpoint with the scheme '${url.protocol}'`;
  throw invalid(`${what} is not an http(s) address`, "Give a URL such as http://127.0.0.1:8545.");
}

/** `CHAIN_URL_INVALID`: no endpoint at all, or one that cannot be used as written. */
export function invalid(message: string, nextStep: string): CommonweightError {
  return new CommonweightError("CHAIN_URL_INVALID", message, `${nextStep} ws and ipc are not supported.`);
}

function parsed(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
