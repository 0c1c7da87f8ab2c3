import { t } from '../../app/i18n.tsx'

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\/|FxiOS/, 'Firefox'],
  [/Chrome\/|CriOS/, 'Chrome'],
  [/Safari\//, 'Safari'],
]
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'Mac'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
]

const firstOf = (list: typeof BROWSERS, agent: string): string | undefined => list.find(([pattern]) => pattern.test(agent))?.[1]

/** How this device is called in lists of sessions and clashes: "Firefox on Android". */
export function deviceName(agent: string = navigator.userAgent): string {
  const browser = firstOf(BROWSERS, agent)
  const system = firstOf(SYSTEMS, agent)
  if (!browser || !system) return browser ?? system ?? t('accounts.device.unknown')
  return t('accounts.device', { browser, system })
}
