/** A drawing for an empty dex: hills at dusk, a fox, and an outline where the first plate will be. Decoration only. */
export function Meadow() {
  return (
    <svg className="meadow" viewBox="0 0 320 190" aria-hidden="true" focusable="false">
      <rect className="sky" width="320" height="190" rx="14" />
      <circle className="sun" cx="232" cy="58" r="26" />
      <path className="hill far" d="M0 118c40-26 92-30 138-8s110 16 182-18v98H0z" />
      <path className="hill mid" d="M0 146c60-24 118-14 170 0s104 8 150-14v58H0z" />
      <g className="fox">
        <path d="M110 156c-20 0-32-9-32-24 0-8 4-15 10-19l-4-22 17 13a40 40 0 0 1 18 0l17-13-4 22c6 4 10 11 10 19 0 15-12 24-32 24z" />
        <path className="cheek" d="M80 135c8 0 20 4 26 20-15-1-25-8-26-20zm60 0c-8 0-20 4-26 20 15-1 25-8 26-20z" />
        <circle className="dark" cx="99" cy="128" r="3.2" />
        <circle className="dark" cx="121" cy="128" r="3.2" />
        <path className="dark" d="M110 152c-3 0-5-2-5-4h10c0 2-2 4-5 4z" />
      </g>
      <path className="hill near" d="M0 160c56-12 122-4 176 2s98 0 144-10v24a14 14 0 0 1-14 14H14a14 14 0 0 1-14-14z" />
      <rect className="outline" x="196" y="92" width="74" height="86" rx="8" />
    </svg>
  )
}
