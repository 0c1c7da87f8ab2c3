import './settings.css'
import { DEFAULT_SETTINGS, type ProfileItem, type Settings } from '@biologidex/core/accounts/account'
import { VISIBILITIES } from '@biologidex/core/entries/entry'
import { coarser, PRECISIONS } from '@biologidex/core/entries/place'
import { carryOut } from '../../app/carry-out.ts'
import { type MessageId, t } from '../../app/i18n.tsx'
import { useDex, useEngine } from '../../app/session.tsx'
import { Field } from '../../ui/field.tsx'
import { say } from '../../ui/toast.ts'
import { type Edits, settingDrafts } from './profile-drafts.ts'

interface Choice {
  readonly field: keyof Settings
  readonly label: MessageId
  readonly hint: MessageId
  readonly options: readonly { readonly value: string; readonly words: MessageId; readonly disabled?: boolean }[]
}

function SettingChoice({ choice, value, onTake }: { choice: Choice; value: string; onTake: (to: string) => void }) {
  return (
    <Field label={t(choice.label)} hint={t(choice.hint)}>
      {(wiring) => (
        <select value={value} onChange={(event) => onTake(event.target.value)} {...wiring}>
          {choice.options.map(({ value: one, words, disabled }) => (
            <option key={one} value={one} disabled={disabled}>
              {t(words)}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

const visibilities = VISIBILITIES.map((value) => ({ value, words: `visibility.${value}` as const }))
const precisions = PRECISIONS.map((value) => ({ value, words: `precision.${value}` as const }))

/** The public never gets more than friends: what is finer than theirs cannot be chosen. */
const publicPrecisions = (friends: Settings['friendsPrecision']) =>
  precisions.map((option) => ({ ...option, disabled: coarser(option.value, friends) !== option.value }))

function Choices({ profile }: { profile: ProfileItem }) {
  const engine = useEngine()
  const settings = profile.settings ?? DEFAULT_SETTINGS
  const { visibility, friendsPrecision } = settings
  const publicPrecision = coarser(settings.publicPrecision, friendsPrecision)
  const take = async (field: keyof Settings, to: string) => {
    const edits: Edits = { [field]: { was: settings[field], to } }
    if (await carryOut(() => engine.mutate(settingDrafts(profile.id, edits)))) say({ id: 'sharing', text: t('profile.saved') })
  }
  const shared = { friends: precisions, public: publicPrecisions(friendsPrecision) }
  return (
    <>
      <SettingChoice
        choice={{
          field: 'visibility',
          label: 'profile.visibility',
          hint: profile.managed ? 'visibility.managed' : 'profile.visibility.hint',
          options: visibilities.filter(({ value }) => !profile.managed || value !== 'public'),
        }}
        value={visibility}
        onTake={(to) => void take('visibility', to)}
      />
      <SettingChoice
        choice={{
          field: 'friendsPrecision',
          label: 'precision.friends',
          hint: `precision.friends.${friendsPrecision}`,
          options: shared.friends,
        }}
        value={friendsPrecision}
        onTake={(to) => void take('friendsPrecision', to)}
      />
      <SettingChoice
        choice={{
          field: 'publicPrecision',
          label: 'precision.public',
          hint: `precision.public.${publicPrecision}`,
          options: shared.public,
        }}
        value={publicPrecision}
        onTake={(to) => void take('publicPrecision', to)}
      />
    </>
  )
}

/** What others see: whom new entries are for, and how finely places are shown. */
export function SharingSection() {
  const { profile } = useDex()
  if (!profile) return null
  return (
    <section className="card" aria-labelledby="settings-sharing">
      <h2 id="settings-sharing">{t('sharing.title')}</h2>
      <Choices profile={profile} />
      <p className="small soft">{t('sharing.note')}</p>
      <p className="small soft">{t('sharing.vulnerable')}</p>
    </section>
  )
}
