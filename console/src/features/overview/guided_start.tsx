import { Button } from '@fluentui/react-components';
import { ArrowImportRegular, OrganizationRegular, SearchRegular, ServerRegular } from '@fluentui/react-icons';
import { useNavigate } from '@tanstack/react-router';
import { Page, Panel } from '../../components/page';
import { t } from '../../i18n';
import { useMay } from '../../shell/session';

/** An installation that knows nothing yet: four ways to the first real data, each ending where it can be seen. */
export function GuidedStart() {
  const navigate = useNavigate();
  const mayServers = useMay('servers');
  const mayPlan = useMay('plan');
  const ways = [
    {
      icon: ServerRegular,
      title: t('Add a server'),
      text: t('A Kea or BIND server that you know: its scopes, leases, zones and subnets are read at once.'),
      action: t('Add server'),
      to: '/servers',
      search: { new: '1' },
      allowed: mayServers,
      first: true,
    },
    {
      icon: SearchRegular,
      title: t('Find servers'),
      text: t('Name networks or hosts; every address is asked whether a DHCP or DNS server answers there.'),
      action: t('Choose where to look'),
      to: '/settings/discovery',
      search: { new: '1' },
      allowed: mayServers,
    },
    {
      icon: ArrowImportRegular,
      title: t('Import a plan'),
      text: t('Blocks, subnets, ranges or addresses from a CSV file, with a preview before anything is written.'),
      action: t('Import from a file'),
      to: '/space',
      search: { new: 'import' },
      allowed: mayPlan,
    },
    {
      icon: OrganizationRegular,
      title: t('Draw the plan'),
      text: t('Start with an address block such as 10.0.0.0/8, and cut subnets from it.'),
      action: t('Add address block'),
      to: '/space',
      search: { new: 'block' },
      allowed: mayPlan,
    },
  ];
  return (
    <Page
      title={t('Welcome to Cadastre')}
      note={t('Nothing is known yet. Start with whichever of these is at hand; the others can follow at any time.')}
    >
      <div className="start">
        {ways.map((way) => (
          <Panel key={way.title} className="start-way">
            <way.icon fontSize={28} aria-hidden="true" />
            <h2>{way.title}</h2>
            <p>{way.text}</p>
            {way.allowed ? (
              <Button
                appearance={way.first ? 'primary' : 'secondary'}
                onClick={() => void navigate({ to: way.to, search: way.search })}
              >
                {way.action}
              </Button>
            ) : (
              <span className="quiet">{t('Your group may not do this.')}</span>
            )}
          </Panel>
        ))}
      </div>
    </Page>
  );
}
