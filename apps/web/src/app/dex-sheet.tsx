import { Sheet } from '../ui/sheet.tsx'
import { Line, OwnLine } from './dex-line.tsx'
import type { Face } from './faces.ts'
import { t } from './i18n.tsx'

/** All dexes on a phone, from the bottom; it closes when one is chosen. */
export function DexSheet({ faces, open, onClose }: { faces: readonly Face[]; open: boolean; onClose: () => void }) {
  return (
    <Sheet open={open} onClose={onClose} title={t('dex.all')}>
      <div className="dex-lines" onClickCapture={onClose}>
        <OwnLine />
        {open && faces.map((face) => <Line key={face.person.id} face={face} counted />)}
      </div>
    </Sheet>
  )
}
