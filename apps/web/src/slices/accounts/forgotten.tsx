import { T, t } from '../../app/i18n.tsx'

/** Whom to ask after forgetting the password. No mail is sent: people know who runs their server. */
export function Forgotten() {
  return (
    <details className="forgotten">
      <summary>{t('accounts.forgotten')}</summary>
      <p>{t('accounts.forgotten.ask')}</p>
      <p className="small soft">
        <T id="accounts.forgotten.host" tags={{ code: (words) => <code>{words}</code> }} />
      </p>
    </details>
  )
}
