import type { Utilization } from '../api/types';
import { t } from '../i18n';
import { formatCount, formatPercent } from '../lib/format';
import './utilization_bar.css';

const LEVELS: Record<Utilization['status'], () => string> = {
  under: () => t('underutilized'),
  optimal: () => t('optimal'),
  over: () => t('overutilized'),
};

export type Level = 'under' | 'optimal' | 'over' | 'full';

export function levelOf(utilization: Utilization): Level {
  if (utilization.percent >= 95 && utilization.status === 'over') return 'full';
  return utilization.status;
}

/** What tells more of an IPv6 prefix than its addresses: how many of its networks of /64 are taken. */
export function networksText(utilization: Utilization | null | undefined): string {
  if (utilization?.networks_64 == null) return '';
  return t('{used} of {count} /64 taken', {
    used: formatCount(utilization.networks_64_used),
    count: formatCount(utilization.networks_64),
  });
}

/** How full something is: a bar, its number beside it, and its state in words for who does not see the color. */
export function UtilizationBar({ utilization, wide }: { utilization: Utilization | null | undefined; wide?: boolean }) {
  if (!utilization) return <span className="quiet">—</span>;
  const { percent } = utilization;
  const networks = networksText(utilization);
  const addresses = t('{used} of {capacity} used, {state}', {
    used: formatCount(utilization.used),
    capacity: formatCount(utilization.capacity),
    state: LEVELS[utilization.status](),
  });
  const text = networks ? `${addresses}; ${networks}` : addresses;
  return (
    <span className={wide ? 'bar bar-wide' : 'bar'} title={text}>
      <span className="bar-track" aria-hidden="true">
        <span
          className={`bar-fill bar-${levelOf(utilization)}`}
          style={{ width: `${Math.min(100, percent > 0 ? Math.max(percent, 2) : 0)}%` }}
        />
      </span>
      <span className="bar-text" aria-hidden="true">
        {formatPercent(percent)}
      </span>
      <span className="visually-hidden">
        {formatPercent(percent)}, {text}
      </span>
    </span>
  );
}
