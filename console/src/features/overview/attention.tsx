import { CheckmarkCircleFilled } from '@fluentui/react-icons';
import { Link } from '@tanstack/react-router';
import { useAll, useGet } from '../../api/queries';
import type { Server } from '../../api/types';
import { Panel } from '../../components/page';
import { Waiting } from '../../components/states';
import { Status, stateName, type Tone } from '../../components/status';
import { plural, t } from '../../i18n';
import { capital, formatAgo, formatDate } from '../../lib/format';
import { pageOf } from '../../lib/links';

interface Item {
  key: string;
  tone: Tone;
  state: string;
  what: string;
  detail: string;
  to: string;
  weight: number;
}

/** What somebody should look at, the worst first; nothing of it is made up here, it is what the server found. */
export function Attention({ servers }: { servers: Server[] }) {
  const week = { full_within: '30d', limit: 50 };
  const fullScopes = useGet('/api/v1/utilization_forecasts', { query: { object_type: 'dhcp_scope', ...week } });
  const fullSubnets = useGet('/api/v1/utilization_forecasts', { query: { object_type: 'subnet', ...week } });
  const tasks = useGet('/api/v1/tasks');
  const ill = useAll('/api/v1/dns_zones', {}, true, 1000);
  const accesses = useAll('/api/v1/server_accesses', {}, true, 1000);
  const expiring = useGet('/api/v1/addresses', {
    query: {
      expires_at__lt: new Date(Math.ceil(Date.now() / 3.6e6) * 3.6e6 + 10 * 86_400_000).toISOString(),
      limit: 1,
      count: 'exact',
    },
  });
  const isPending = [fullScopes, fullSubnets, tasks, ill, expiring].some((answer) => answer.isPending);

  const items: Item[] = [];
  for (const server of servers) {
    const { availability, problem, reached_at } = server.status;
    if (['reachable', 'unknown'].includes(availability)) continue;
    items.push({
      key: `s${server.id}`,
      tone: 'bad',
      state: stateName(availability),
      what: server.name,
      detail: problem || t('last reached {ago}', { ago: formatAgo(reached_at) }),
      to: `/servers/${server.id}`,
      weight: 100,
    });
  }
  for (const access of accesses.data?.items ?? []) {
    if (['reachable', 'unknown'].includes(access.availability)) continue;
    items.push({
      key: `a${access.id}`,
      tone: 'bad',
      state: stateName(access.availability),
      what: `${access.server} · ${access.url}`,
      detail: access.problem,
      to: `/servers/${access.server_id}`,
      weight: 95,
    });
  }
  for (const each of [...(fullScopes.data?.items ?? []), ...(fullSubnets.data?.items ?? [])]) {
    const isReached = each.answer === 'reached';
    items.push({
      key: `f${each.object_type}${each.object_id}`,
      tone: isReached ? 'bad' : 'warning',
      state: isReached ? t('Full') : t('Full on {date}', { date: formatDate(each.expected) }),
      what: each.name,
      detail: `${each.object_type === 'subnet' ? t('Subnet') : t('DHCP scope')} · ${capital(each.text)}`,
      to: pageOf(each.object_type, each.object_id) ?? '/',
      weight: isReached ? 90 : 80,
    });
  }
  for (const task of tasks.data?.items ?? []) {
    if (!['failed', 'partly_failed'].includes(task.last_result)) continue;
    const isWhole = task.last_result === 'failed';
    items.push({
      key: `t${task.name}`,
      tone: isWhole ? 'bad' : 'warning',
      state: stateName(task.last_result),
      what: task.name,
      detail: task.last_message,
      to: '/monitor/tasks',
      weight: isWhole ? 85 : 60,
    });
  }
  for (const zone of ill.data?.items ?? []) {
    if (['ok', 'unknown'].includes(zone.health)) continue;
    items.push({
      key: `z${zone.id}`,
      tone: zone.health === 'not_served' || zone.health === 'serial_behind' ? 'warning' : 'bad',
      state: stateName(zone.health),
      what: zone.name,
      detail: `${t('DNS zone')} · ${zone.server}`,
      to: `/monitor/zones/${zone.id}`,
      weight: 70,
    });
  }
  const expire = Number(expiring.data?.total ?? 0);
  if (expire > 0)
    items.push({
      key: 'expire',
      tone: 'warning',
      state: t('Expiring'),
      what: plural(expire, '{count} address', '{count} addresses'),
      detail: t('within 10 days'),
      to: '/space?tab=addresses&query=expires_at+%3C+now%2B10d',
      weight: 65,
    });
  items.sort((a, b) => b.weight - a.weight);

  return (
    <Panel
      title={t('Needs attention')}
      actions={
        items.length > 0 ? (
          <span className="quiet">{plural(items.length, '{count} thing', '{count} things')}</span>
        ) : undefined
      }
    >
      {isPending ? (
        <Waiting rows={4} />
      ) : items.length === 0 ? (
        <p className="overview-good">
          <CheckmarkCircleFilled aria-hidden="true" />{' '}
          {t('Nothing: every server answers, every task succeeded, nothing runs full within 30 days.')}
        </p>
      ) : (
        <ul className="attention" tabIndex={0} aria-label={t('Needs attention')}>
          {items.map((item) => (
            <li key={item.key}>
              <Status tone={item.tone}>{item.state}</Status>
              <span className="attention-text">
                <AttentionLink to={item.to} name={item.what} />
                <span className="quiet ellipsis" title={item.detail}>
                  {item.detail}
                </span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function AttentionLink({ to, name }: { to: string; name: string }) {
  const [path, query] = to.split('?');
  return (
    <Link className="link ellipsis" to={path} search={Object.fromEntries(new URLSearchParams(query)) as never}>
      {name}
    </Link>
  );
}
