import { writeFile } from 'node:fs/promises'
import { nodeCryptoProvider } from '../../../src/adapters/node-crypto/node-crypto.js'
import { tunnelServiceId } from '../../../src/bytes/brands.js'
import { tunnelDomain } from '../../../src/tunnel/domain.js'
import { makeCertificate } from '../../support/certificate.js'
import type { TestCertificate } from '../../support/certificate.js'
import { TemporaryFolder } from '../../support/temporary-folder.js'

/** Both assigned ones, and one whose domain comes of a hash. */
export const TUNNEL_SERVICES: readonly number[] = [0, 1, 4711]

/** What laptops and their tunnel service read: `hosts`, `ca.pem`, `cert.pem` and `key.pem`. */
export interface Files {
  readonly folder: TemporaryFolder
  /** For the domain of each tunnel service. */
  readonly certificate: TestCertificate
}

/** Writes them into a new folder. */
export async function writeFiles(): Promise<Files> {
  const names = ['localhost', ...TUNNEL_SERVICES.map(domainOf)]
  const [folder, certificate] = await Promise.all([
    TemporaryFolder.create(),
    makeCertificate({ dns: names, ips: ['127.0.0.1'] }),
  ])
  const { ca, cert, key } = certificate
  const hosts = names.map(name => `127.0.0.1 ${name}\n`).join('')
  const texts = { 'ca.pem': ca, 'cert.pem': cert, 'key.pem': key, hosts }
  await Promise.all(Object.entries(texts).map(([name, text]) => writeFile(folder.at(name), text)))
  return { folder, certificate }
}

const domainOf = (id: number): string => tunnelDomain(nodeCryptoProvider, tunnelServiceId(id))
