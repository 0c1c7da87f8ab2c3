import type { ReactNode } from 'react'
import { classes } from './classes.ts'

/** Drawings on a 24 by 24 grid, stroked with the text's colour. */
const DRAWINGS = {
  add: <path d="M12 5v14M5 12h14" />,
  album: (
    <>
      <rect x="3.5" y="5" width="17" height="14" rx="2" />
      <circle cx="9" cy="10" r="1.6" />
      <path d="M4 17.500l5-4.500 4 3.500 3-2.500 4.500 4" />
    </>
  ),
  back: <path d="M15 5l-7 7 7 7" />,
  calendar: (
    <>
      <rect x="4" y="5" width="16" height="15" rx="2" />
      <path d="M4 10h16M8 3v4M16 3v4" />
    </>
  ),
  camera: (
    <>
      <path d="M3 8h4l2-3h6l2 3h4v11H3z" />
      <circle cx="12" cy="13" r="3.6" />
    </>
  ),
  check: <path d="M5 12.500l4.500 4.500L19 7" />,
  close: <path d="M6 6l12 12M18 6L6 18" />,
  copy: <path d="M9 9h11v11H9zM5 15H4V4h11v1" />,
  dex: (
    <>
      <rect x="4" y="4" width="7" height="7" rx="1" />
      <rect x="13" y="4" width="7" height="7" rx="1" />
      <rect x="4" y="13" width="7" height="7" rx="1" />
      <rect x="13" y="13" width="7" height="7" rx="1" strokeDasharray="2.2 2.2" />
    </>
  ),
  down: <path d="M6 9l6 6 6-6" />,
  device: (
    <>
      <rect x="7" y="3" width="10" height="18" rx="2" />
      <path d="M11 18h2" />
    </>
  ),
  edit: <path d="M4 20l1-4L16 5l3 3L8 19zM13.5 7.5l3 3" />,
  eye: (
    <>
      <path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z" />
      <circle cx="12" cy="12" r="2.8" />
    </>
  ),
  forward: <path d="M9 5l7 7-7 7" />,
  grip: <path d="M9 6v.1M15 6v.1M9 12v.1M15 12v.1M9 18v.1M15 18v.1" />,
  history: <path d="M4.500 12a7.500 7.500 0 1 1 2.300 5.400M4.500 12l-2-2M4.500 12l2.200-1.800M12 8v4.500l3 1.800" />,
  leaf: <path d="M5 19C5 9 11 5 20 4c0 10-4 15-11 15M5 21c1-5 4-8 8-10" />,
  more: <path d="M5.500 12v.1M12 12v.1M18.500 12v.1" strokeWidth="3" />,
  minus: <path d="M5 12h14" />,
  note: <path d="M5 4h14v16H5zM8.500 9h7M8.500 13h7M8.500 17h4" />,
  outing: (
    <>
      <path d="M8 18.500h9a3.500 3.500 0 0 0 0-7H8a3.500 3.500 0 0 1 0-7h7" strokeDasharray="3 2.500" />
      <circle cx="5.500" cy="18.500" r="1.700" />
      <circle cx="18" cy="4.500" r="1.700" />
    </>
  ),
  people: (
    <>
      <circle cx="9" cy="8.500" r="3.200" />
      <path d="M3 19.500c0-3.600 2.600-5.800 6-5.800s6 2.200 6 5.800" />
      <path d="M15.500 5.700a3.200 3.200 0 0 1 0 5.800M17 14.100c2.500.6 4 2.600 4 5.400" />
    </>
  ),
  pin: <path d="M8.500 4h7l-1 6 3 3.500h-11L9.500 10zM12 13.500V20" />,
  paw: (
    <>
      <path d="M12 12.500c-2.600 0-5 2.600-5 4.900 0 1.500 1.100 2.300 2.400 2.300 1 0 1.700-.5 2.600-.5s1.600.5 2.600.5c1.300 0 2.400-.8 2.400-2.300 0-2.300-2.400-4.900-5-4.900z" />
      <ellipse cx="5.600" cy="11.300" rx="1.500" ry="2.100" />
      <ellipse cx="9.400" cy="6.800" rx="1.500" ry="2.300" />
      <ellipse cx="14.600" cy="6.800" rx="1.500" ry="2.300" />
      <ellipse cx="18.400" cy="11.300" rx="1.500" ry="2.100" />
    </>
  ),
  place: (
    <>
      <path d="M12 21c5-6 7-9 7-12a7 7 0 0 0-14 0c0 3 2 6 7 12z" />
      <circle cx="12" cy="9" r="2.4" />
    </>
  ),
  qr: (
    <>
      <path d="M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4z" />
      <path d="M14 14h2.500v2.500M20 14v2.500M14 20h2.500M19.500 19.500v.5h.5" />
    </>
  ),
  question: <path d="M8.5 9a3.6 3.6 0 1 1 5 3.3c-1.200.5-1.500 1.200-1.500 2.500M12 18.500v.1" />,
  search: (
    <>
      <circle cx="10.5" cy="10.5" r="6" />
      <path d="M15 15l5 5" />
    </>
  ),
  settings: (
    <path d="M4 7h9M19 7h1M4 17h1M11 17h9M16 4.500a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5zM8 14.500a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5z" />
  ),
  sort: <path d="M4 7h16M7 12h10M10 17h4" />,
  star: <path d="M12 4l2.500 5.200 5.500.7-4 3.900 1 5.700-5-2.800-5 2.800 1-5.700-4-3.900 5.500-.7z" />,
  swap: <path d="M4 8.500h14M14.500 5L18 8.500 14.500 12M20 15.500H6M9.500 12L6 15.500 9.500 19" />,
  sync: (
    <path d="M19.500 9A8 8 0 0 0 5.200 7.500L4 9M4.500 15a8 8 0 0 0 14.300 1.500L20 15M4 4.500V9h4.500M20 19.500V15h-4.500" />
  ),
  trash: <path d="M4 7h16M9 7V4.500h6V7M6.500 7l1 13h9l1-13M10 11v5.500M14 11v5.500" />,
  tray: <path d="M4 13l2.5-8h11L20 13v6H4zM4 13h5a3 3 0 0 0 6 0h5" />,
  up: <path d="M6 15l6-6 6 6" />,
  warning: <path d="M12 4l9 16H3zM12 10v4.500M12 17.300v.1" />,
} as const satisfies Record<string, ReactNode>

export type IconName = keyof typeof DRAWINGS

/** A drawing that says nothing by itself: the words stand beside it, or in the control's label. */
export function Icon({ name, small, className }: { name: IconName; small?: boolean; className?: string }) {
  return (
    <svg className={classes('ico', small && 's', className)} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {DRAWINGS[name]}
    </svg>
  )
}
