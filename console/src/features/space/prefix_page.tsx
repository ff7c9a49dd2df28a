import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, Tab, TabList } from '@fluentui/react-components';
import { AddRegular, MoreHorizontalRegular } from '@fluentui/react-icons';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { remove } from '../../api/client';
import { useGet } from '../../api/queries';
import type { Block, Subnet } from '../../api/types';
import { Changes } from '../../components/changes';
import { Confirm } from '../../components/confirm';
import { Page } from '../../components/page';
import { ErrorState, Waiting } from '../../components/states';
import { useNotice } from '../../components/toasts';
import { Trend } from '../../components/trend';
import { t } from '../../i18n';
import { usePathId, useUrlState } from '../../lib/url_state';
import { useMay } from '../../shell/session';
import { AllocateAddresses, AllocateSubnets } from './allocate_dialog';
import { DhcpTab, DnsTab } from './dhcp_dns_tabs';
import { EditPrefix } from './edit_prefix';
import { BlockList, SubnetList } from './gap_list';
import { BlockMap, SubnetMap } from './map_tab';
import { AddressTable, RangeTable, SubnetTable } from './plan_lists';
import { PrefixFigures } from './prefix_figures';
import { MergeSubnets, ResizeSubnet, SplitSubnet } from './subnet_wizards';
import { useTrail } from './trail';

type Doing = 'allocate' | 'edit' | 'delete' | 'split' | 'resize' | 'merge';

export function BlockPage() {
  const id = usePathId();
  const block = useGet('/api/v1/blocks/{id}', { path: { id } });
  if (block.error)
    return (
      <Page title={t('Address block')}>
        <ErrorState error={block.error} />
      </Page>
    );
  if (!block.data)
    return (
      <Page title={t('Address block')}>
        <Waiting rows={6} height={40} />
      </Page>
    );
  return <PrefixPage kind="block" place={block.data} />;
}

export function SubnetPage() {
  const id = usePathId();
  const subnet = useGet('/api/v1/subnets/{id}', { path: { id } });
  if (subnet.error)
    return (
      <Page title={t('Subnet')}>
        <ErrorState error={subnet.error} />
      </Page>
    );
  if (!subnet.data)
    return (
      <Page title={t('Subnet')}>
        <Waiting rows={6} height={40} />
      </Page>
    );
  return <PrefixPage kind="subnet" place={subnet.data} />;
}

function PrefixPage({ kind, place }: { kind: 'block' | 'subnet'; place: Block | Subnet }) {
  const [search, setSearch] = useUrlState();
  const [doing, setDoing] = useState<Doing>();
  const [from, setFrom] = useState<string>();
  const mayPlan = useMay('plan');
  const mayAllocate = useMay('addresses');
  const isBlock = kind === 'block';
  const trail = useTrail(place);
  const canAllocate = isBlock ? mayPlan : mayAllocate;
  const tab = search.tab ?? 'map';
  const fixed = { space: place.space, within: place.prefix };

  function allocate(where: string): void {
    setFrom(where);
    setDoing('allocate');
  }
  const allocateHere = canAllocate ? allocate : undefined;
  const tabs: [string, string][] = isBlock
    ? [
        ['map', t('Map')],
        ['list', t('List')],
        ['subnets', t('Subnets')],
        ['addresses', t('Addresses')],
        ['trend', t('Trend')],
        ['dhcp', t('DHCP')],
        ['dns', t('DNS')],
        ['changes', t('Changes')],
      ]
    : [
        ['map', t('Map')],
        ['list', t('List')],
        ['addresses', t('Addresses')],
        ['ranges', t('Ranges')],
        ['trend', t('Trend')],
        ['dhcp', t('DHCP')],
        ['dns', t('DNS')],
        ['changes', t('Changes')],
      ];
  const isList = ['list', 'addresses', 'subnets', 'ranges', 'dhcp', 'dns', 'changes'].includes(tab);

  return (
    <Page
      title={place.name ? `${place.prefix} — ${place.name}` : place.prefix}
      trail={trail}
      fills={isList}
      actions={
        <>
          {canAllocate && (
            <Button appearance="primary" icon={<AddRegular />} onClick={() => allocate(place.prefix)}>
              {isBlock ? t('Allocate subnet') : t('Allocate address')}
            </Button>
          )}
          {mayPlan && <Button onClick={() => setDoing('edit')}>{t('Edit')}</Button>}
          {mayPlan && <More isSubnet={!isBlock} choose={setDoing} />}
        </>
      }
    >
      <PrefixFigures kind={kind} place={place} />
      <TabList
        className="page-tabs"
        selectedValue={tab}
        onTabSelect={(_, data) =>
          setSearch(
            {
              tab: data.value as string,
              at: undefined,
              ip: undefined,
              q: undefined,
              sort: undefined,
              state: undefined,
            },
            'push',
          )
        }
      >
        {tabs.map(([value, text]) => (
          <Tab key={value} value={value}>
            {text}
          </Tab>
        ))}
      </TabList>
      {tab === 'map' &&
        (isBlock ? (
          <BlockMap block={place as Block} />
        ) : (
          <SubnetMap subnet={place as Subnet} allocate={allocateHere} />
        ))}
      {tab === 'list' &&
        (isBlock ? (
          <BlockList block={place as Block} allocate={allocateHere} />
        ) : (
          <SubnetList subnet={place as Subnet} allocate={allocateHere} />
        ))}
      {tab === 'subnets' && <SubnetTable fixed={fixed} />}
      {tab === 'addresses' && <AddressTable fixed={fixed} />}
      {tab === 'ranges' && <RangeTable fixed={fixed} />}
      {tab === 'trend' && <Trend type={kind} id={place.id} />}
      {tab === 'dhcp' && <DhcpTab fixed={fixed} />}
      {tab === 'dns' && <DnsTab within={place.prefix} />}
      {tab === 'changes' && <Changes fixed={{ object_type: kind, object_id: place.id }} />}
      {doing === 'allocate' &&
        (isBlock ? (
          <AllocateSubnets from={from ?? place.prefix} space={place.space} close={() => setDoing(undefined)} />
        ) : (
          <AllocateAddresses from={from ?? place.prefix} space={place.space} close={() => setDoing(undefined)} />
        ))}
      {doing === 'edit' && <EditPrefix kind={kind} id={place.id} close={() => setDoing(undefined)} />}
      {doing === 'delete' && <DeletePrefix kind={kind} place={place} close={() => setDoing(undefined)} />}
      {doing === 'split' && <SplitSubnet subnet={place as Subnet} close={() => setDoing(undefined)} />}
      {doing === 'resize' && <ResizeSubnet subnet={place as Subnet} close={() => setDoing(undefined)} />}
      {doing === 'merge' && <MergeSubnets subnet={place as Subnet} close={() => setDoing(undefined)} />}
    </Page>
  );
}

function More({ isSubnet, choose }: { isSubnet: boolean; choose: (doing: Doing) => void }) {
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button icon={<MoreHorizontalRegular />} aria-label={t('More actions')} />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {isSubnet && <MenuItem onClick={() => choose('split')}>{t('Split')}</MenuItem>}
          {isSubnet && <MenuItem onClick={() => choose('merge')}>{t('Merge')}</MenuItem>}
          {isSubnet && <MenuItem onClick={() => choose('resize')}>{t('Resize')}</MenuItem>}
          <MenuItem onClick={() => choose('delete')}>{t('Delete')}</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function DeletePrefix({ kind, place, close }: { kind: 'block' | 'subnet'; place: Block | Subnet; close: () => void }) {
  const navigate = useNavigate();
  const notice = useNotice();
  async function run(): Promise<void> {
    await remove(kind === 'block' ? '/api/v1/blocks/{id}' : '/api/v1/subnets/{id}', { path: { id: place.id } });
    notice(t('{prefix} was deleted', { prefix: place.prefix }));
    void navigate({ to: place.block_id ? `/space/block/${place.block_id}` : '/space' });
  }
  return (
    <Confirm title={t('Delete {prefix}?', { prefix: place.prefix })} action={t('Delete')} run={run} close={close}>
      {kind === 'block'
        ? t('What lies in the block stays and belongs to the next larger block.')
        : t('A subnet that has addresses or ranges is not deleted.')}
    </Confirm>
  );
}
