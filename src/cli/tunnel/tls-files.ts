import { X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import type { TlsIdentity, TunnelServer } from '../../service/tunnel-server.js'
import { badUsage } from '../failure.js'
import { readInput } from '../input.js'
import type { GivenOptions } from '../options/given.js'
import type { Output } from '../output.js'
import type { Surroundings } from '../surroundings.js'
import { oneLine } from '../text/printable.js'

const MAX_PEM_BYTES = 1024 * 1024
const LOOK_EVERY_MS = 1000

/** Paths of a certificate chain and its private key. */
export interface TlsFiles {
  readonly cert: string
  readonly key: string
}

/** What `--tls-cert` and `--tls-key` name; undefined without them. @throws CommandLineError for one without the other. */
export function tlsFilesOf(options: GivenOptions): TlsFiles | undefined {
  const [cert, key] = [options.text('tlsCert'), options.text('tlsKey')]
  if (cert === undefined && key === undefined) return undefined
  if (cert === undefined || key === undefined) throw badUsage('--tls-cert and --tls-key go together')
  return { cert, key }
}

/** What the files hold at the start. @throws CommandLineError for a file that cannot be read, and for contents that cannot be used. */
export async function readFirstIdentity(files: TlsFiles, surroundings: Surroundings): Promise<Identity> {
  const identity = await readIdentity(files, surroundings)
  try {
    createSecureContext(identity)
    return identity
  } catch (cause) {
    const message = `${files.cert} and ${files.key} do not hold a certificate and its private key (PEM)`
    throw badUsage(`--tls-cert and --tls-key: ${message}`, { cause })
  }
}

/** @throws CommandLineError for a file that cannot be read. */
async function readIdentity(
  files: TlsFiles,
  { stdin, signal }: Surroundings,
): Promise<TlsIdentity & { readonly cert: Buffer; readonly key: Buffer }> {
  const read = (name: string, path: string): Promise<Buffer> =>
    readInput({ path, stdin }, { name, maxBytes: MAX_PEM_BYTES, signal })
  return { cert: await read('--tls-cert', files.cert), key: await read('--tls-key', files.key) }
}

type Identity = Awaited<ReturnType<typeof readIdentity>>

/** The server that gets renewed certificates, and the output that reports them. */
interface Renewal {
  readonly server: Pick<TunnelServer, 'setTls'>
  readonly output: Output
  readonly surroundings: Surroundings
}

/**
 * Hands the service what the files hold when that has changed, and at SIGHUP. Contents are compared, not times or names: files are
 * renewed by renaming, by changing a symbolic link or by writing over them. @returns ends it.
 */
export function keepTlsUpToDate(files: TlsFiles, used: Identity, renewal: Renewal): () => void {
  const watch = new TlsWatch(() => readIdentity(files, renewal.surroundings), used, renewal)
  const forget = renewal.surroundings.onHangUp(() => void watch.reload())
  // What is read from stdin is read once.
  const isFile = files.cert !== '-' && files.key !== '-'
  const timer = isFile ? setInterval(() => void watch.look(), LOOK_EVERY_MS) : undefined
  return () => {
    clearInterval(timer)
    forget()
  }
}

class TlsWatch {
  readonly #read: () => Promise<Identity>
  readonly #renewal: Renewal
  /** What the service uses, or has refused. */
  #used: Identity
  /** What was there at the last look. */
  #seen: Identity

  constructor(read: () => Promise<Identity>, used: Identity, renewal: Renewal) {
    this.#read = read
    this.#used = used
    this.#seen = used
    this.#renewal = renewal
  }

  /** Waits until nothing has changed for one look: two files are not replaced in one moment. */
  async look(): Promise<void> {
    const found = await this.#read().catch(() => this.#seen)
    const isSettled = isSame(found, this.#seen)
    this.#seen = found
    if (isSettled && !isSame(found, this.#used)) this.#use(found)
  }

  async reload(): Promise<void> {
    try {
      this.#use(await this.#read())
    } catch (error) {
      this.#tellRefused(error)
    }
  }

  #use(identity: Identity): void {
    this.#used = identity
    try {
      this.#renewal.server.setTls(identity)
      this.#tellRenewed(identity)
    } catch (error) {
      this.#tellRefused(error)
    }
  }

  #tellRenewed({ cert }: Identity): void {
    const { validTo } = new X509Certificate(cert)
    this.#renewal.output.event({ event: 'certificate-renewed', validTo })
    this.#renewal.output.note(`new certificate, valid to ${validTo}`)
  }

  #tellRefused(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    this.#renewal.output.event({ event: 'certificate-refused', message })
    this.#renewal.output.note(`the certificate stays as it was: ${oneLine(message)}`)
  }
}

function isSame(one: Identity, other: Identity): boolean {
  return one.cert.equals(other.cert) && one.key.equals(other.key)
}
