import { Icon, type IconName } from '../../ui/icon.tsx'
import './editors.css'

/** One thing that is chosen elsewhere: what it is, and a way there. */
export function EditRow(props: { icon: IconName; label: string; value: string; onClick: () => void }) {
  return (
    <button type="button" className="edit-row" onClick={props.onClick}>
      <Icon name={props.icon} />
      <span>
        <span className="small soft">{props.label}</span>
        <span className="value">{props.value}</span>
      </span>
      <Icon name="edit" small />
    </button>
  )
}
