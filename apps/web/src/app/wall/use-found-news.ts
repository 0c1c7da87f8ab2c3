import { useEffect, useRef } from 'react'
import { announce } from '../announce.tsx'
import { t } from '../i18n.tsx'
import type { Wall } from './use-wall.ts'

/** How long somebody must have stopped typing or choosing before the count is said, in milliseconds. */
const REST = 600

/** Says to screen readers how many entries a search or a choice leaves, once it rests. @param asked what names the search */
export function useFoundNews(asked: string, { found, all, whole, live }: Wall): void {
  const said = useRef(asked)
  useEffect(() => {
    if (!live || said.current === asked) return
    const timer = setTimeout(() => {
      said.current = asked
      announce(whole ? t('wall.all', { count: all }) : t('wall.found', { found, all }))
    }, REST)
    return () => clearTimeout(timer)
  }, [asked, found, all, whole, live])
}
