// Names of the development issuer: clients, audiences, its own grant.

/** Names of the gateway as `aud`. The second asks for opaque tokens, which the gateway introspects. */
export const AUDIENCE = 'urn:lienthong:development';
export const OPAQUE_AUDIENCE = 'urn:lienthong:development:opaque';

/** Grant of a developer who asks for the token of a person: parameters `person`, `id`, `agency`, `minutes`. */
export const DEVELOPER_GRANT = 'urn:lienthong:development:token';

/** A browser application: code flow with PKCE, no secret, any address on loopback. */
export const APP_CLIENT = 'development-app';
/** Asks for tokens of people by the developer's grant. */
export const TOOLS_CLIENT = 'development-tools';
/** The gateway, which introspects. */
export const GATEWAY_CLIENT = 'gateway';

/** What a token may allow at the gateway (docs/access.md). */
export const SCOPES = ['dossiers:read', 'personal:read', 'sensitive:read'] as const;
/** What a token allows that was asked for without scopes. */
export const DEFAULT_SCOPE = 'dossiers:read';

export const MAX_MINUTES = 1_440;
