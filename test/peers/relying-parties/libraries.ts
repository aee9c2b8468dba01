import { readFileSync } from 'node:fs'
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'
import { built, isBuilt, pinnedVersion } from '../support/built.js'
import { JsonLines } from '../support/json-lines.js'
import { lacking, program } from '../support/peer.js'
import type { Peer } from '../support/peer.js'
import type { Question, RelyingPartyPeer } from './question.js'
import type { RootHabit } from './spoiled.js'
import { simpleWebAuthn } from './simplewebauthn.js'

/** A relying party’s library, and how it is started. */
export interface Library extends Peer {
  readonly roots: RootHabit
  /** Why it does not verify ML-DSA here; undefined where it does. */
  readonly lacksMlDsa: string | undefined
  readonly open: () => RelyingPartyPeer
}

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const PYTHON = 'python/bin/python'
const JAVA = 'webauthn4j/classes/RelyingParty.class'

/** A library in a program of its own. */
function speaking(command: string, args: readonly string[] = []): RelyingPartyPeer {
  const lines = new JsonLines(command, args)
  const judge = (question: Question): Promise<never> => {
    lines.send(question)
    return lines.next()
  }
  return { judge, close: () => lines.end() }
}

function python(name: string, distribution: string, file: string): Library {
  return {
    name,
    version: () =>
      pinnedVersion('relying-parties/python/requirements.txt', new RegExp(`^${distribution}==(\\S+)`, 'm')),
    lacks: lacking(isBuilt('python/installed.txt')),
    roots: 'asks for roots',
    lacksMlDsa: undefined,
    open: () => speaking(built(PYTHON), [at(`python/${file}`)]),
  }
}

/** All that are asked. */
export const LIBRARIES: readonly Library[] = [
  {
    name: '@simplewebauthn/server',
    version: versionOfSimpleWebAuthn,
    lacks: undefined,
    roots: 'asks for roots',
    lacksMlDsa: 'it takes the WebCrypto of Node 24.7',
    open: simpleWebAuthn,
  },
  python('py_webauthn', 'webauthn', 'py_webauthn.py'),
  python('python-fido2 as a relying party', 'fido2', 'python_fido2.py'),
  {
    name: 'go-webauthn',
    version: () => pinnedVersion('relying-parties/go-webauthn/go.mod', /go-webauthn\/webauthn v(\S+)/),
    lacks: lacking(isBuilt('go-webauthn')),
    // Only where it is given FIDO’s metadata service.
    roots: 'asks nobody',
    lacksMlDsa: 'it takes that of Go 1.27',
    open: () => speaking(built('go-webauthn')),
  },
  {
    name: 'webauthn4j',
    version: () =>
      pinnedVersion('relying-parties/webauthn4j/pom.xml', /webauthn4j-core<.*\s*<version>(\S+?)</),
    lacks: lacking(program('java', 'a Java of 17 or newer runs it'), isBuilt(JAVA)),
    roots: 'asks for roots',
    lacksMlDsa: 'it takes that of Java 24',
    open: openWebAuthn4j,
  },
]

function versionOfSimpleWebAuthn(): string {
  const manifest = at('../../../node_modules/@simplewebauthn/server/package.json')
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
}

function openWebAuthn4j(): RelyingPartyPeer {
  const path = [built('webauthn4j/classes'), built('webauthn4j/dependency/*')].join(delimiter)
  return speaking('java', ['-XX:TieredStopAtLevel=1', '-cp', path, 'RelyingParty'])
}
