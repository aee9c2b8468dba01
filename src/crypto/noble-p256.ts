import { weierstrass } from '@noble/curves/abstract/weierstrass.js'
import type { WeierstrassPointCons } from '@noble/curves/abstract/weierstrass.js'
import { P256 } from './p256.js'

/** The points of P-256. The library’s own P-256 comes with ECDSA, which sessions need not. */
export const NoblePoint: WeierstrassPointCons<bigint> = /* @__PURE__ */ weierstrass(P256)
