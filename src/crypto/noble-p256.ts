import { weierstrass } from '@noble/curves/abstract/weierstrass.js'
import type { WeierstrassPointCons } from '@noble/curves/abstract/weierstrass.js'
import { P256 } from './p256.js'

/** The points of P-256. The package’s ready-made P-256 brings ECDSA along, which sessions do not need. */
export const NoblePoint: WeierstrassPointCons<bigint> = /* @__PURE__ */ weierstrass(P256)
