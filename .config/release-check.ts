/** What of package.json only the owner of the repository can know. */
const OF_THE_OWNER = ['repository', 'homepage', 'bugs']

/** What package.json has, as far as a release asks for it. */
export interface Manifest extends Readonly<Record<string, unknown>> {
  readonly version: string
}

/** Says what only the owner can fill in and has not yet; undefined when all is there. */
export function leftForOwner(manifest: Manifest): string | undefined {
  const missing = OF_THE_OWNER.filter(name => manifest[name] === undefined)
  if (missing.length === 0) return undefined
  const names = missing.map(name => `"${name}"`).join(', ')
  return `Left to fill in: package.json has no ${names}. Only the owner knows the addresses.
npm publishes with provenance from the repository that "repository" names and from no other.`
}

/** Whether the changelog has a dated section of the version. */
export function hasSection(changelog: string, version: string): boolean {
  return changelog.includes(`\n## [${version}] - `)
}

/** Says why a tag is not one of this version, each reason by itself. */
export function againstTag(tag: string, { version }: Manifest, changelog: string): readonly string[] {
  return [
    ...(tag === `v${version}` ? [] : [`The tag is ${tag}, and package.json has version ${version}.`]),
    ...(hasSection(changelog, version) ? [] : [`CHANGELOG.md has no section of ${version}.`]),
  ]
}
