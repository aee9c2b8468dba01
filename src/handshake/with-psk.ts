import type { Eid, LinkSecret, Psk, QrSecret } from '../bytes/brands.js'
import { wipeBytes } from '../bytes/bytes.js'
import { derivePsk } from '../crypto/derive.js'
import type { CryptoProvider } from '../crypto/provider.js'

/** Derives the PSK, gives it to `use`, which must copy it, and wipes it. */
export function withPsk<Result>(
  crypto: CryptoProvider,
  secret: QrSecret | LinkSecret,
  eid: Eid,
  use: (psk: Psk) => Result,
): Result {
  const psk = derivePsk(crypto, secret, eid)
  try {
    return use(psk)
  } finally {
    wipeBytes(psk)
  }
}
