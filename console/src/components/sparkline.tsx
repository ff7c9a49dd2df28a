import { t } from '../i18n';
import { formatPercent } from '../lib/format';
import './trend.css';

/** How full something was, as a small line from nothing to its highest. Its ends are told in words. */
export function Sparkline({ values }: { values: (number | null)[] }) {
  const known = values
    .map((value, index) => ({ value, index }))
    .filter((each): each is { value: number; index: number } => each.value !== null);
  if (known.length < 2) return <span className="quiet">{t('Not measured yet')}</span>;
  const top = Math.max(...known.map((each) => each.value), 0.01);
  const x = (index: number): number => (index / (values.length - 1)) * 120;
  const y = (value: number): number => 26 - (value / top) * 24;
  const line = known.map((each) => `${x(each.index).toFixed(1)},${y(each.value).toFixed(1)}`).join(' ');
  const [first, last] = [known[0]!.value, known.at(-1)!.value];
  return (
    <svg
      className="sparkline"
      viewBox="0 0 120 28"
      role="img"
      aria-label={t('From {first} to {last}', { first: formatPercent(first), last: formatPercent(last) })}
    >
      <polygon points={`${x(known[0]!.index)},28 ${line} ${x(known.at(-1)!.index)},28`} />
      <polyline points={line} />
    </svg>
  );
}
