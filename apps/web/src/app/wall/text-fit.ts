/**
 * How many lines a name takes, worked out from the letters' widths instead of asking the browser: ten thousand names take a
 * few milliseconds and no layout. Widths are in hundredths of the letter size, for the characters from space to tilde.
 */
const NAME = [
  21, 30, 35, 64, 59, 76, 75, 16, 35, 35, 61, 55, 26, 40, 25, 48, 66, 45, 60, 55, 61, 57, 60, 51, 60, 60, 26, 27, 50, 55, 50,
  51, 90, 72, 69, 69, 78, 64, 60, 75, 83, 39, 49, 77, 61, 91, 76, 78, 68, 78, 73, 59, 68, 74, 70, 104, 72, 68, 63, 33, 48, 34,
  46, 47, 23, 54, 59, 51, 60, 52, 37, 56, 62, 30, 30, 60, 31, 94, 62, 58, 61, 59, 46, 47, 37, 61, 54, 82, 53, 55, 48, 39, 27,
  39, 62,
]
const LATIN = [
  21, 31, 34, 64, 58, 72, 70, 17, 36, 36, 62, 55, 24, 39, 23, 45, 65, 44, 59, 53, 59, 55, 59, 52, 56, 59, 28, 29, 51, 56, 51,
  48, 88, 65, 64, 65, 74, 63, 59, 70, 78, 37, 36, 71, 55, 84, 71, 77, 63, 77, 68, 56, 62, 70, 62, 95, 65, 59, 60, 37, 43, 37,
  46, 46, 23, 55, 53, 45, 56, 48, 32, 52, 57, 31, 30, 55, 31, 84, 59, 52, 54, 53, 47, 42, 36, 57, 49, 74, 58, 51, 49, 40, 32,
  40, 62,
]
/** Letters of other scripts; their ideographs are as wide as they are high. */
const OTHER = 72
const SQUARE = 100
const FIRST_SQUARE = 0x2e80
/** Room for what the table cannot know: hinting, a font that is still loading. */
const CARE = 1.02

/** The two kinds of line on a plate, with their letter size in rem. */
export const LINES = { name: { widths: NAME, size: 1.125 }, latin: { widths: LATIN, size: 0.875 } } as const
export type LineKind = keyof typeof LINES

function widthOf(word: string, widths: readonly number[]): number {
  let width = 0
  for (const char of word) {
    const code = char.charCodeAt(0)
    // Accents stand over their letter and take no room of their own.
    const base = code < 127 ? code : char.normalize('NFD').charCodeAt(0)
    width += widths[base - 32] ?? (base >= FIRST_SQUARE ? SQUARE : OTHER)
  }
  return width
}

/**
 * Lines that a text takes, broken as browsers do, at spaces and after hyphens; at most `most`, the rest is cut.
 * @param room width of the line in rem
 */
export function linesOf(text: string, kind: LineKind, room: number, most = 2): number {
  const { widths, size } = LINES[kind]
  const limit = (room * 100) / size / CARE
  let lines = 1
  let used = 0
  for (const word of text.split(/(?<=[\s-])/)) {
    const bare = widthOf(word.trimEnd(), widths)
    if (used > 0 && used + bare > limit) {
      lines += 1
      used = 0
    }
    // A word longer than a line is broken inside.
    if (bare > limit) lines += Math.ceil(bare / limit) - 1
    used += widthOf(word, widths)
    if (lines >= most) return most
  }
  return lines
}
