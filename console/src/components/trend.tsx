import { Select } from '@fluentui/react-components';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useGet } from '../api/queries';
import type { Schemas } from '../api/types';
import { t } from '../i18n';
import { capital, formatPercent } from '../lib/format';
import { useUrlState } from '../lib/url_state';
import { useTheme } from '../shell/theme';
import { Panel } from './page';
import { EmptyState, ErrorState, Waiting } from './states';
import './trend.css';

type Period = Schemas['UtilizationPeriod'];
const PERIODS = (): [string, string][] => [
  ['7d', t('7 days')],
  ['30d', t('30 days')],
  ['90d', t('90 days')],
  ['180d', t('180 days')],
  ['365d', t('1 year')],
];

/** How full an object was, and when it will be full. */
export function Trend({ type, id, title }: { type: Schemas['MeasuredKind']; id: string; title?: string }) {
  const [search, setSearch] = useUrlState();
  const period = search.period ?? '90d';
  const object = { object_type: type, object_id: id };
  const history = useGet('/api/v1/utilization_history', { query: { ...object, period, buckets: 90 } });
  const forecast = useGet('/api/v1/utilization_forecast', { query: { ...object, level: 100 } });
  if (history.error) return <ErrorState error={history.error} retry={() => void history.refetch()} />;
  const periods = (history.data?.periods ?? []).filter((each) => each.percent !== null);
  return (
    <Panel
      title={title ?? t('Utilization')}
      actions={
        <Select
          aria-label={t('Period')}
          size="small"
          value={period}
          onChange={(_, data) => setSearch({ period: data.value })}
        >
          {PERIODS().map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </Select>
      }
    >
      {history.isPending ? (
        <Waiting rows={1} height={260} />
      ) : periods.length < 2 ? (
        <EmptyState title={t('Not enough measurements yet')}>
          {t('The task AddressUtilization measures every two hours. A line needs two measurements.')}
        </EmptyState>
      ) : (
        <Plot periods={history.data?.periods ?? []} />
      )}
      {periods.length > 0 && (
        <div className="trend-foot">
          <span>
            {t('Now')}: <strong>{formatPercent(periods.at(-1)?.percent ?? 0)}</strong>
          </span>
          <span>
            {t('Peak')}: <strong>{formatPercent(Math.max(...periods.map((each) => each.peak_percent ?? 0)))}</strong>
          </span>
          <span>
            {t('Full')}: <strong>{forecast.data ? capital(forecast.data.text) : '—'}</strong>
          </span>
          {forecast.data && (
            <span>{t('Growth a week: {count}', { count: Math.round(forecast.data.growth_a_week) })}</span>
          )}
        </div>
      )}
    </Panel>
  );
}

export function Plot({ periods, height = 260 }: { periods: Period[]; height?: number }) {
  const holder = useRef<HTMLDivElement>(null);
  const { isDark } = useTheme();
  useEffect(() => {
    const element = holder.current;
    if (!element) return undefined;
    const color = (name: string): string => getComputedStyle(element).getPropertyValue(name).trim() || '#888';
    const axis = {
      stroke: color('--colorNeutralForeground2'),
      grid: { stroke: color('--colorNeutralStroke3'), width: 1 },
      ticks: { show: false },
      font: '12px sans-serif',
    };
    const data: uPlot.AlignedData = [
      periods.map((each) => new Date(each.until).getTime() / 1000),
      periods.map((each) => each.percent),
      periods.map((each) => each.peak_percent),
    ];
    const top = Math.max(...periods.map((each) => each.peak_percent ?? 0));
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height,
        scales: { y: { range: [0, top > 50 ? 100 : Math.max(1, top * 1.25)] } },
        axes: [axis, { ...axis, values: (_, ticks) => ticks.map((tick) => `${tick}%`), size: 54 }],
        series: [
          { label: t('Time') },
          {
            label: t('Average'),
            stroke: color('--colorBrandStroke1'),
            fill: `${color('--colorBrandStroke1')}22`,
            width: 2,
            value: (_, value) => (value === null ? '—' : formatPercent(value)),
          },
          {
            label: t('Peak'),
            stroke: isDark ? '#f2b035' : '#a35c00',
            dash: [5, 4],
            width: 1.5,
            value: (_, value) => (value === null ? '—' : formatPercent(value)),
          },
        ],
      },
      data,
      element,
    );
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [periods, height, isDark]);
  const last = periods.filter((each) => each.percent !== null).at(-1);
  return (
    <div
      ref={holder}
      className="trend-plot"
      role="img"
      aria-label={t('Utilization over time, now {percent}', { percent: formatPercent(last?.percent ?? 0) })}
    />
  );
}
