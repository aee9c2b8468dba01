import { nobleProvider } from '../../../src/wire.js'
import { speakCeremony } from './ceremony.js'
import { runSuites } from './suites.js'

// What tests call by name.
Object.assign(globalThis, { runSuites, speakCeremony: () => speakCeremony(nobleProvider) })
