/** Where the parts of a lab listen. */
export interface LabAddresses {
  readonly tunnelUrl: string
  readonly airUrl: string
  readonly relyingPartyUrl?: string
}

/** What to paste into two other terminals. @param name what starts this command there. */
export function labGuide({ tunnelUrl, airUrl, relyingPartyUrl }: LabAddresses, name: string): string {
  const addresses = [
    `tunnel service  ${tunnelUrl}`,
    `air hub         ${airUrl}`,
    `relying party   ${relyingPartyUrl ?? 'none'}`,
  ]
  const phone = [
    '# the phone, in another terminal; paste what the laptop shows',
    `${name} phone scan --tunnel-url ${tunnelUrl} --advertise air:${airUrl} --consent always 'FIDO:/…'`,
  ]
  const laptop = relyingPartyUrl === undefined ? [] : laptopCommands(tunnelUrl, airUrl, relyingPartyUrl, name)
  return [...addresses, '', ...laptop, ...phone, '', 'Ctrl-C ends the lab.'].join('\n')
}

function laptopCommands(
  tunnelUrl: string,
  airUrl: string,
  relyingPartyUrl: string,
  name: string,
): readonly string[] {
  const commands = [
    ['register', 'registration'],
    ['login', 'authentication'],
  ] as const
  return commands.flatMap(([command, path]) => [
    `# the laptop: ${command}`,
    `curl -s ${relyingPartyUrl}/${path}/options \\`,
    `  | ${name} client ${command} --options - --origin ${relyingPartyUrl} --tunnel-url ${tunnelUrl} --scan air:${airUrl} \\`,
    `  | curl -s --json @- ${relyingPartyUrl}/${path}`,
    '',
  ])
}
