import type { PermitRequest } from 'fido-hybrid/electron/main'

/** The sites of this app. A site in a frame of another asks for nothing. */
const ORIGINS = new Set(['https://webauthn.io', 'https://login.microsoftonline.com', 'http://localhost:8080'])

export const permit: PermitRequest = ({ origin, crossOrigin }) => ORIGINS.has(origin) && !crossOrigin
