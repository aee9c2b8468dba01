import type { Members, PageBytes } from './page-bytes.js'
import type { PageClass, PageInterfaces, Shape } from './page-interfaces.js'

/** What the classes of a page are made of. */
export interface PageCredentialsParts {
  readonly bytes: PageBytes
  readonly interfaces: PageInterfaces
  /** The page’s own class of all credentials. */
  readonly Credential: PageClass | undefined
  /** The protocols of digital credentials; undefined where the page has none of these. */
  readonly protocols: readonly string[] | undefined
}

/** In a page: the classes of credentials, and credentials made of what the program around the page answers. */
export class PageCredentials {
  /** By the names that the page knows them under. */
  declare readonly classes: Readonly<Record<string, PageClass>> & { readonly PublicKeyCredential: PageClass }
  declare private readonly parts: PageCredentialsParts

  constructor(parts: PageCredentialsParts) {
    this.parts = parts
    this.classes = this.makeClasses()
  }

  /** @param json what `toJSON()` of the credential gives; null for no credential. */
  credential(json: Members | null): object | null {
    if (json === null) return null
    return json['rawId'] === undefined ? this.make('DigitalCredential', json) : this.publicKeyCredential(json)
  }

  private publicKeyCredential(json: Members): object {
    const { bytes } = this.parts
    const { response, ...rest } = json as { response: Members }
    const isNew = response['attestationObject'] !== undefined
    const type = isNew ? 'AuthenticatorAttestationResponse' : 'AuthenticatorAssertionResponse'
    const own = bytes.buffers(response, [
      'clientDataJSON',
      'attestationObject',
      'authenticatorData',
      'signature',
    ])
    return this.make('PublicKeyCredential', {
      ...bytes.buffers(rest, ['rawId']),
      json,
      response: this.make(type, bytes.buffers(own, ['userHandle', 'publicKey'])),
    })
  }

  private make(name: string, own: Members): object {
    const type = this.classes[name]
    if (type === undefined) throw new TypeError(`this page has no ${name}`)
    return this.parts.interfaces.make(type, own)
  }

  private makeClasses(): PageCredentials['classes'] {
    const { interfaces, Credential, protocols } = this.parts
    const response = interfaces.makeClass('AuthenticatorResponse', undefined, {
      attributes: { clientDataJSON: own => own['clientDataJSON'] },
      methods: {},
    })
    const answer = (name: string, shape: Shape): PageClass => interfaces.makeClass(name, response, shape)
    const credential = (name: string, shape: Shape): PageClass =>
      interfaces.makeClass(name, Credential, shape)
    return {
      AuthenticatorResponse: response,
      AuthenticatorAttestationResponse: answer('AuthenticatorAttestationResponse', this.attestationShape()),
      AuthenticatorAssertionResponse: answer('AuthenticatorAssertionResponse', this.assertionShape()),
      PublicKeyCredential: credential('PublicKeyCredential', this.credentialShape()),
      ...(protocols && { DigitalCredential: this.digitalClass(credential, protocols) }),
    }
  }

  private digitalClass(
    credential: (name: string, shape: Shape) => PageClass,
    protocols: readonly string[],
  ): PageClass {
    const type = credential('DigitalCredential', {
      attributes: {
        id: () => '',
        type: () => 'digital',
        protocol: own => own['protocol'],
        data: own => own['data'],
      },
      methods: { toJSON: own => this.copied(own) },
    })
    const allows = (protocol: unknown): boolean => protocols.includes(String(protocol))
    this.parts.interfaces.define(type, 'userAgentAllowsProtocol', allows, true)
    return type
  }

  private credentialShape(): Shape {
    return {
      attributes: {
        id: own => own['id'],
        type: own => own['type'],
        rawId: own => own['rawId'],
        response: own => own['response'],
        authenticatorAttachment: own => own['authenticatorAttachment'] ?? null,
      },
      methods: {
        getClientExtensionResults: own => this.outputs(own['clientExtensionResults'] as Members),
        toJSON: own => this.copied(own['json']),
      },
    }
  }

  private attestationShape(): Shape {
    return {
      attributes: { attestationObject: own => own['attestationObject'] },
      methods: {
        getTransports: own => [...(own['transports'] as readonly string[])],
        getAuthenticatorData: own => (own['authenticatorData'] as ArrayBuffer).slice(0),
        getPublicKey: own => (own['publicKey'] as ArrayBuffer | undefined)?.slice(0) ?? null,
        getPublicKeyAlgorithm: own => own['publicKeyAlgorithm'],
      },
    }
  }

  private assertionShape(): Shape {
    return {
      attributes: {
        authenticatorData: own => own['authenticatorData'],
        signature: own => own['signature'],
        userHandle: own => own['userHandle'] ?? null,
      },
      methods: {},
    }
  }

  /** Outputs of extensions as pages have them. */
  private outputs(results: Members): Members {
    const { bytes } = this.parts
    const prf = bytes.changed(results, 'prf', of =>
      bytes.changed(of, 'results', values => bytes.buffers(values, ['first', 'second'])),
    )
    return bytes.changed(prf, 'largeBlob', of => bytes.buffers(of, ['blob']))
  }

  private copied(json: unknown): unknown {
    return JSON.parse(JSON.stringify(json))
  }
}
