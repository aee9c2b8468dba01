import { installInPage } from './install-in-page.js'
import type { PageGlobal } from './install-in-page.js'
import { BRIDGE } from './page-bridge.js'
import type { PageBridge } from './page-bridge.js'

/** What the preload script leaves in the page’s world. */
declare const globalThis: PageGlobal & { readonly [BRIDGE]: PageBridge }

installInPage(globalThis, globalThis[BRIDGE])
