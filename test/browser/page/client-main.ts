import { create, dial, get, scanAsPhone } from './client.js'

// What tests call by name.
Object.assign(globalThis, { create, get, dial, scanAsPhone })
