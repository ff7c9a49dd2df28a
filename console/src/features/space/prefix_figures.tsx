import { useGet } from '../../api/queries';
import type { Block, Subnet } from '../../api/types';
import { Sparkline } from '../../components/sparkline';
import { networksText, UtilizationBar } from '../../components/utilization_bar';
import { t } from '../../i18n';
import { capital, formatCount, words } from '../../lib/format';
import './prefix_figures.css';

/** What one wants to know of a prefix at a glance: how full it is, of what, since when, until when. */
export function PrefixFigures({ kind, place }: { kind: 'block' | 'subnet'; place: Block | Subnet }) {
  const object = { object_type: kind, object_id: place.id };
  const history = useGet('/api/v1/utilization_history', { query: { ...object, period: '90d', buckets: 45 } });
  const forecast = useGet('/api/v1/utilization_forecast', { query: { ...object, level: 100 } });
  const used = place.utilization;
  const figures: [string, string][] = used
    ? [
        [t('Used'), formatCount(used.used)],
        [t('Free'), formatCount(used.free)],
        [t('Assigned'), formatCount(used.assigned)],
        [t('Reserved'), formatCount(used.reserved)],
        [t('Leased'), formatCount(used.leased)],
        ...(used.networks_64 == null ? [] : [[t('Networks'), networksText(used)] as [string, string]]),
      ]
    : [];
  const subnet = 'vlans' in place ? place : undefined;
  const facts: [string, string][] = [
    [t('Category'), capital(words(place.category))],
    ...(place.owner ? [[t('Owner'), place.owner] as [string, string]] : []),
    ...(subnet?.vlans.length ? [[t('VLAN'), subnet.vlans.join(', ')] as [string, string]] : []),
    ...(place.description ? [[t('Description'), place.description] as [string, string]] : []),
    ...Object.entries(place.custom_fields as Record<string, string>),
  ];
  return (
    <section className="panel prefix-figures" aria-label={t('Figures')}>
      <div className="prefix-numbers">
        {figures.map(([name, value]) => (
          <div key={name}>
            <span className="figure-name">{name}</span>
            <strong>{value}</strong>
          </div>
        ))}
        <div className="prefix-bar">
          <span className="figure-name">{t('Utilization of {count}', { count: formatCount(used?.capacity) })}</span>
          <UtilizationBar utilization={used} wide />
        </div>
        <div className="prefix-trend">
          <span className="figure-name">{t('90 days')}</span>
          <Sparkline values={(history.data?.periods ?? []).map((period) => period.percent)} />
        </div>
        <div className="prefix-forecast">
          <span className="figure-name">{t('Full')}</span>
          <span>{forecast.data ? capital(forecast.data.text) : '—'}</span>
        </div>
      </div>
      <ul className="prefix-facts">
        {facts.map(([name, value]) => (
          <li key={name}>
            <span>{name}</span> {value}
          </li>
        ))}
      </ul>
    </section>
  );
}
