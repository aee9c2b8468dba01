/** The browser of the Debian package `chromium`. */
export const CHROMIUM = '/usr/bin/chromium'
