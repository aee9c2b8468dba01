/** How long a contact stays revoked in the engine. */
export const KEPT_DAYS = 400
export const DAY_MS = 86_400_000
/** How many of them the engine keeps. A contact on the list stays: strangers cannot push it out with made-up ones. */
export const MAX_KEPT = 1_000_000
