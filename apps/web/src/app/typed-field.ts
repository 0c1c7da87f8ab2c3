/** As much of a field as tells what it is for. */
interface FieldKind {
  readonly type: string
  readonly autocomplete: string
  readonly closest: (selector: string) => unknown
}

/** Fields without a text of somebody's. */
const WORDLESS = new Set(['checkbox', 'radio', 'file', 'hidden', 'range', 'color', 'button', 'submit', 'reset', 'image'])

/**
 * Whether what is typed there is somebody's words, to be kept for them. A password never is, nor one that is shown as text while it is typed;
 * nor what only searches the wall.
 */
export function isForWords(field: FieldKind): boolean {
  const { type, autocomplete } = field
  if (WORDLESS.has(type) || type === 'password' || autocomplete.includes('password')) return false
  return field.closest('search') === null
}
