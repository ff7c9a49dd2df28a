import type { Schemas } from '../../api/types';
import { t } from '../../i18n';
import { formatTime, words } from '../../lib/format';
import { place, type Span } from './subject';
import './timeline.css';

type Interval = Schemas['LeaseInterval'];

const clientOf = (interval: Interval): string =>
  interval.hostname || interval.hardware_address || interval.client_id || t('unknown client');

const endOf = (interval: Interval): string => interval.ended_at ?? interval.expires_at;

function inWords(interval: Interval): string {
  return t('{client} had {address} from {from} to {until}, {ending}; told by {server}', {
    client: clientOf(interval),
    address: interval.address,
    from: formatTime(interval.began_at),
    until: formatTime(endOf(interval)),
    ending: words(interval.ending),
    server: interval.server,
  });
}

/** Leases as bars over time, a row an address: full up to the last renewal, light while the lease ran on. */
export function Timeline({ intervals, span, at }: { intervals: Interval[]; span: Span; at?: number | undefined }) {
  const rows = new Map<string, Interval[]>();
  for (const interval of intervals) rows.set(interval.address, [...(rows.get(interval.address) ?? []), interval]);
  return (
    <div className="timeline" role="region" tabIndex={0} aria-label={t('Leases over time')}>
      <div className="timeline-head">
        <span />
        <span className="timeline-ends">
          <span>{formatTime(new Date(span.from).toISOString())}</span>
          <span>{formatTime(new Date(span.until).toISOString())}</span>
        </span>
      </div>
      {[...rows].map(([address, bars]) => (
        <div key={address} className="timeline-row">
          <span className="timeline-name mono">{address}</span>
          <span className="timeline-track">
            {bars.map((bar) => (
              <Bar key={`${bar.server_id} ${bar.began_at}`} interval={bar} span={span} />
            ))}
            {at !== undefined && <span className="timeline-at" style={{ left: `${place(span, at)}%` }} />}
          </span>
        </div>
      ))}
    </div>
  );
}

function Bar({ interval, span }: { interval: Interval; span: Span }) {
  const from = place(span, Date.parse(interval.began_at));
  const renewed = place(span, Date.parse(interval.renewed_at));
  const until = place(span, Date.parse(endOf(interval)));
  if (until <= 0 || from >= 100) return null;
  return (
    <span
      className={`timeline-bar timeline-${interval.ending}`}
      role="img"
      aria-label={inWords(interval)}
      title={inWords(interval)}
      style={{ left: `min(${from}%, calc(100% - 4px))`, width: `max(4px, ${until - from}%)` }}
    >
      <span
        className="timeline-sure"
        style={{ width: `${until > from ? ((renewed - from) / (until - from)) * 100 : 100}%` }}
      />
      <span className="timeline-client">{clientOf(interval)}</span>
    </span>
  );
}
