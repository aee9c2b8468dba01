const KINDS = ['TCPSocketWrap', 'TCPServerWrap', 'TLSWrap', 'Timeout']

/** What keeps this process busy, sockets, servers and timers only; compare before and after. */
export function openResources(): readonly string[] {
  return process
    .getActiveResourcesInfo()
    .filter(kind => KINDS.includes(kind))
    .sort()
}
