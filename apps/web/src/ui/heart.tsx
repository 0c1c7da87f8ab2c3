const HEART =
  'M12 20.500C4.500 15.200 2.500 12 2.500 8.600A5 5 0 0 1 12 6.700a5 5 0 0 1 9.500 1.900c0 3.400-2 6.600-9.500 11.900z'

/** The favourite's heart: full or an outline. Give `label` where no words stand beside it. */
export function Heart({ full = true, label }: { full?: boolean; label?: string }) {
  const named = label ? ({ role: 'img', 'aria-label': label } as const) : ({ 'aria-hidden': true } as const)
  return (
    <svg className="fav" viewBox="0 0 24 24" {...named}>
      <path d={HEART} fill={full ? 'currentColor' : 'none'} stroke="currentColor" strokeWidth={full ? 0 : 1.7} />
    </svg>
  )
}
