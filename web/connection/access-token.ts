/** The sub-protocol that the module answers with. */
const PROTOCOL = "csi-camera";

/**
 * What the WebSocket offers. The token comes from the address's fragment (`#token=T`), which no browser sends to a
 * server and no server logs; the module finds it as `token.` and base64url of its UTF-8.
 */
export function webSocketProtocols(fragment: string): string[] {
  const token = new URLSearchParams(fragment.replace(/^#/, "")).get("token");
  return token === null || token === "" ? [PROTOCOL] : [PROTOCOL, `token.${base64Url(token)}`];
}

function base64Url(text: string): string {
  const binary = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
