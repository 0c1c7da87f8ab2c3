import { createRequire } from 'node:module'
import sharp from 'sharp'

/** Drawn animals for pictures of the app: MIT art (fluent-emoji-flat) on landscapes of our own. */
const ART = createRequire(import.meta.url)('@iconify-json/fluent-emoji-flat/icons.json') as {
  readonly icons: Readonly<Record<string, { readonly body: string }>>
}

export interface Scene {
  readonly art: string
  readonly latin: string
  readonly sky: string
  readonly ground: string
}

const scene = (art: string, latin: string, sky: string, ground: string): Scene => ({ art, latin, sky, ground })

export const SCENES: readonly Scene[] = [
  scene('hedgehog', 'Erinaceus europaeus', '#EADBAF', '#9DB074'),
  scene('fox', 'Vulpes vulpes', '#EFC9A4', '#B08A5B'),
  scene('duck', 'Anas platyrhynchos', '#CFE3E6', '#5E94A3'),
  scene('owl', 'Asio otus', '#33455F', '#22303F'),
  scene('frog', 'Hyla arborea', '#DCE9C2', '#7FA36A'),
  scene('badger', 'Meles meles', '#D9D3C2', '#7C8465'),
  scene('honeybee', 'Apis mellifera', '#F4E3B4', '#D1A94F'),
  scene('lady-beetle', 'Coccinella septempunctata', '#E2EAC6', '#8DA862'),
  scene('deer', 'Cervus elaphus', '#E7D2B6', '#8A7A55'),
  scene('swan', 'Cygnus olor', '#D3DFEA', '#7FA0B8'),
  scene('otter', 'Lutra lutra', '#D5E4DD', '#5F8C86'),
]

function drawing({ art, sky, ground }: Scene): Buffer {
  const icon = ART.icons[art]?.body
  if (!icon) throw new Error(`no drawing of ${art}`)
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="1600" viewBox="0 0 160 160">
    <rect width="160" height="160" fill="${sky}"/><circle cx="118" cy="38" r="17" fill="#fff" opacity=".45"/>
    <path d="M0 100Q40 78 80 96T160 88V160H0Z" fill="${ground}" opacity=".55"/>
    <path d="M0 122Q50 104 96 120T160 114V160H0Z" fill="${ground}"/>
    <ellipse cx="80" cy="131" rx="36" ry="5" fill="#000" opacity=".16"/>
    <svg x="40" y="52" width="80" height="80" viewBox="0 0 32 32">${icon}</svg></svg>`)
}

/** The scene as a JPEG that says when and where it was taken, near a lake: `taken` as EXIF writes it. */
export function paint(scene: Scene, taken: string): Promise<Buffer> {
  return sharp(drawing(scene))
    .withExif({
      IFD2: { DateTimeOriginal: taken, OffsetTimeOriginal: '+02:00' },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '52/1 26/1 1234/100',
        GPSLongitudeRef: 'E',
        GPSLongitude: '13/1 38/1 4321/100',
      },
    })
    .jpeg({ quality: 90 })
    .toBuffer()
}
