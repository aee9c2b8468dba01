type Style = (text: string) => string

/** Styles of text, each of which ends what it began. */
export interface Colors {
  readonly bold: Style
  readonly dim: Style
  readonly red: Style
  readonly green: Style
  readonly yellow: Style
  readonly whiteBright: Style
  readonly bgBlack: Style
}

/** @param isOn whether the text is for a terminal that shows them. */
export function createColors(isOn: boolean): Colors {
  const style = (begin: number, end: number): Style =>
    isOn ? text => `\u001B[${begin}m${text}\u001B[${end}m` : text => text
  return {
    bold: style(1, 22),
    dim: style(2, 22),
    red: style(31, 39),
    green: style(32, 39),
    yellow: style(33, 39),
    whiteBright: style(97, 39),
    bgBlack: style(40, 49),
  }
}
