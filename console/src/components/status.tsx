import {
  CheckmarkCircleFilled,
  CircleRegular,
  ClockRegular,
  DismissCircleFilled,
  InfoFilled,
  WarningFilled,
  type FluentIcon,
} from '@fluentui/react-icons';
import { t } from '../i18n';
import { capital, words } from '../lib/format';
import './status.css';

export type Tone = 'good' | 'warning' | 'bad' | 'info' | 'quiet' | 'running';

const ICONS: Record<Tone, FluentIcon> = {
  good: CheckmarkCircleFilled,
  warning: WarningFilled,
  bad: DismissCircleFilled,
  info: InfoFilled,
  quiet: CircleRegular,
  running: ClockRegular,
};

/** A state: a shape and a word, and only then a color. */
export function Status({ tone, children, title }: { tone: Tone; children: string; title?: string | undefined }) {
  const Icon = ICONS[tone];
  return (
    <span className={`status status-${tone}`} title={title ?? children}>
      <Icon fontSize={16} aria-hidden="true" />
      <span className="ellipsis">{children}</span>
    </span>
  );
}

const TONES: Record<string, Tone> = {
  // availability of a server and its accesses
  reachable: 'good',
  unreachable: 'bad',
  access_denied: 'bad',
  faulty: 'warning',
  unknown: 'quiet',
  // results of tasks and operations
  succeeded: 'good',
  partly_failed: 'warning',
  failed: 'bad',
  cancelled: 'quiet',
  interrupted: 'warning',
  running: 'running',
  waiting: 'running',
  never: 'quiet',
  // zones
  ok: 'good',
  primary_unreachable: 'bad',
  expired: 'bad',
  never_loaded: 'bad',
  not_served: 'warning',
  serial_behind: 'warning',
  // addresses and leases
  in_use: 'good',
  reserved: 'info',
  inactive: 'warning',
  held: 'running',
  cooling: 'running',
  active: 'good',
  declined: 'warning',
  released: 'quiet',
  // changes to servers
  made: 'good',
  announced: 'running',
  not_made: 'bad',
  undone: 'quiet',
  // discovery, manageability
  new: 'info',
  known: 'quiet',
  managed: 'good',
  gone: 'warning',
  unmanaged: 'quiet',
  unspecified: 'quiet',
  // journal
  created: 'good',
  updated: 'info',
  deleted: 'bad',
};

export function toneOf(state: string): Tone {
  return TONES[state] ?? 'quiet';
}

export function stateName(state: string): string {
  const names: Record<string, string> = {
    in_use: t('In use'),
    never_loaded: t('Never loaded'),
    not_served: t('Not served'),
    ok: t('Healthy'),
  };
  return names[state] ?? capital(t(words(state)));
}

/** A value of one of the API's enumerations of states. */
export function StateMark({ state, title }: { state: string; title?: string | undefined }) {
  return (
    <Status tone={toneOf(state)} title={title || undefined}>
      {stateName(state)}
    </Status>
  );
}
