/** The relying party of all ceremonies in the guest. */
export const RP = { origin: 'https://login.example.com', rpId: 'example.com' } as const
