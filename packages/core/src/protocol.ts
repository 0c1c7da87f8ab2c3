/**
 * Version of the wire between clients and servers. A test hashes the wire schemas and fails until this moves with them.
 * Clients send it as `X-BiologiDex-Protocol`; fields are only ever added (W4), so a server refuses a client only when its
 * version lies below `OLDEST_PROTOCOL`.
 */
export const PROTOCOL = 3
export const OLDEST_PROTOCOL = 1
export const PROTOCOL_HEADER = 'x-biologidex-protocol'
