import { Link } from '@tanstack/react-router';
import { useAll, useGet, useTotal } from '../../api/queries';
import type { Block } from '../../api/types';
import { Figure, Page, Panel } from '../../components/page';
import { Waiting } from '../../components/states';
import { Trend } from '../../components/trend';
import { UtilizationBar } from '../../components/utilization_bar';
import { plural, t } from '../../i18n';
import { formatPercent, formatShortCount, toBigInt } from '../../lib/format';
import { BlockMap } from '../space/map_tab';
import { Attention } from './attention';
import { GuidedStart } from './guided_start';
import './overview.css';

export function OverviewPage() {
  const spaces = useGet('/api/v1/address_spaces', { query: { limit: 1000 } });
  const blocks = useAll('/api/v1/blocks', { sort: 'prefix' }, true, 5000);
  const servers = useGet('/api/v1/servers', { query: { limit: 1000 } });
  const subnets = useTotal('/api/v1/subnets');
  const addresses = useTotal('/api/v1/addresses');
  const scopes = useTotal('/api/v1/dhcp_scopes');
  if (spaces.isPending || blocks.isPending || servers.isPending || subnets === undefined)
    return (
      <Page title={t('Overview')}>
        <Waiting rows={5} height={90} />
      </Page>
    );

  const all = servers.data?.items ?? [];
  if (all.length === 0 && subnets === 0 && blocks.data?.items.length === 0) return <GuidedStart />;

  const used = (spaces.data?.items ?? []).reduce((sum, space) => sum + toBigInt(space.used_ipv4), 0n);
  const used6 = (spaces.data?.items ?? []).reduce((sum, space) => sum + toBigInt(space.used_ipv6), 0n);
  const down = all.filter((server) => !['reachable', 'unknown'].includes(server.status.availability)).length;
  const main = largest(blocks.data?.items ?? []);
  return (
    <Page title={t('Overview')}>
      <div className="overview-figures">
        <Figure
          name={t('IP addresses in use')}
          value={formatShortCount(String(used + used6))}
          note={t('{ipv4} IPv4, {ipv6} IPv6', { ipv4: used, ipv6: used6 })}
          to="/space"
        />
        <Figure
          name={t('Subnets')}
          value={formatShortCount(subnets)}
          note={plural(blocks.data?.items.length ?? 0, 'in {count} address block', 'in {count} address blocks')}
          to="/space?tab=subnets"
        />
        <Figure
          name={t('Managed servers')}
          value={formatShortCount(all.length)}
          note={down ? plural(down, '{count} not reachable', '{count} not reachable') : t('all reachable')}
          to="/servers"
          {...(down > 0 && { tone: 'bad' as const })}
        />
        <Figure
          name={t('DHCP scopes')}
          value={formatShortCount(scopes)}
          note={plural(addresses ?? 0, '{count} address recorded', '{count} addresses recorded')}
          to="/monitor/scopes"
        />
      </div>
      <div className="overview">
        <div className="overview-column">
          <Attention servers={all} />
          <Fullest />
          {main && <Trend type="block" id={main.id} title={t('Utilization of {prefix}', { prefix: main.prefix })} />}
        </div>
        <div className="overview-column overview-map">
          {main && (
            <section aria-label={t('Map of the largest block')}>
              <BlockMap block={main} />
            </section>
          )}
        </div>
      </div>
    </Page>
  );
}

/** Of the blocks that lie in no other the one with the most addresses in use. */
function largest(blocks: Block[]): Block | undefined {
  return [...blocks]
    .filter((block) => !block.block_id)
    .sort((a, b) => Number(b.utilization?.used ?? 0) - Number(a.utilization?.used ?? 0))[0];
}

function Fullest() {
  // The server cannot sort by utilization; it can leave out what is not full.
  const full = useAll('/api/v1/subnets', { query: 'utilization >= 60' }, true, 1000);
  const rows = [...(full.data?.items ?? [])]
    .sort((a, b) => (b.utilization?.percent ?? 0) - (a.utilization?.percent ?? 0))
    .slice(0, 8);
  return (
    <Panel
      title={t('Fullest subnets')}
      actions={
        <Link className="link" to={'/space'} search={{ tab: 'subnets', query: 'utilization >= 60' }}>
          {t('All above 60%')}
        </Link>
      }
    >
      {full.isPending ? (
        <Waiting rows={5} />
      ) : rows.length === 0 ? (
        <p className="quiet">{t('No subnet is fuller than 60%.')}</p>
      ) : (
        <table className="overview-table">
          <thead>
            <tr>
              <th>{t('Subnet')}</th>
              <th>{t('Name')}</th>
              <th className="overview-wide">{t('Used')}</th>
              <th>{t('Utilization')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((subnet) => (
              <tr key={subnet.id}>
                <td>
                  <Link className="link" to={`/space/subnet/${subnet.id}`}>
                    {subnet.prefix}
                  </Link>
                </td>
                <td>{subnet.name}</td>
                <td className="overview-wide">
                  {t('{used} of {capacity}', {
                    used: toBigInt(subnet.utilization?.used),
                    capacity: toBigInt(subnet.utilization?.capacity),
                  })}
                </td>
                <td title={formatPercent(subnet.utilization?.percent ?? 0)}>
                  <UtilizationBar utilization={subnet.utilization} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
