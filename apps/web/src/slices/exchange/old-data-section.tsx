import { Link } from '@tanstack/react-router'
import { t } from '../../app/i18n.tsx'

/** In the settings: the way to bringing in what an older client kept. */
export function OldDataSection() {
  return (
    <section className="card" aria-labelledby="settings-import">
      <h2 id="settings-import">{t('import.title')}</h2>
      <p className="soft">{t('import.settings.text')}</p>
      <div>
        <Link to="/import" className="btn">
          {t('import.settings.open')}
        </Link>
      </div>
    </section>
  )
}
