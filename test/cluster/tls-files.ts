import { writeFile } from 'node:fs/promises'
import { makeCertificate } from '../support/certificate.js'
import type { TestCertificate } from '../support/certificate.js'
import { TemporaryFolder } from '../support/temporary-folder.js'

/** A certificate as the files that engines read. */
export interface TlsFiles extends TestCertificate {
  readonly certFile: string
  readonly keyFile: string
  readonly caFile: string
  /** Writes another file beside them. @returns its path. */
  write(name: string, text: string): Promise<string>
  remove(): Promise<void>
}

export async function writeTlsFiles(...names: Parameters<typeof makeCertificate>): Promise<TlsFiles> {
  const certificate = await makeCertificate(...names)
  const folder = await TemporaryFolder.create()
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(folder.at(name), text)
    return folder.at(name)
  }
  return {
    ...certificate,
    certFile: await write('cert.pem', certificate.cert),
    keyFile: await write('key.pem', certificate.key),
    caFile: await write('ca.pem', certificate.ca),
    write,
    remove: () => folder.remove(),
  }
}
