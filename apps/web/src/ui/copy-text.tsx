import { useRef } from 'react'
import { Button } from './button.tsx'
import { classes } from './classes.ts'
import { Icon } from './icon.tsx'

interface CopyTextProps {
  readonly text: string
  /** How the text is shown, when not as it is. */
  readonly shown?: string
  readonly label: string
  readonly onCopied: () => void
  /** Set large, to be read out. */
  readonly large?: boolean
}

/** A text to give to somebody, with a button that copies it. Where copying is not allowed (plain HTTP) it selects the text. */
export function CopyText({ text, shown = text, label, onCopied, large = false }: CopyTextProps) {
  const box = useRef<HTMLElement>(null)
  const select = () => {
    if (box.current) getSelection()?.selectAllChildren(box.current)
  }
  const copy = () => {
    // Absent on plain HTTP, whatever its type says.
    const clipboard = navigator.clipboard as Clipboard | undefined
    if (clipboard) clipboard.writeText(text).then(onCopied, select)
    else select()
  }
  return (
    <div className={classes('copy-text', large && 'large')}>
      <code ref={box}>{shown}</code>
      <Button onClick={copy}>
        <Icon name="copy" />
        {label}
      </Button>
    </div>
  )
}
