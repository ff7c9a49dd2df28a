import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, Tab, TabList } from '@fluentui/react-components';
import { AddRegular, ArrowImportRegular } from '@fluentui/react-icons';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { get, remove } from '../../api/client';
import { Confirm } from '../../components/confirm';
import { Page } from '../../components/page';
import { useNotice } from '../../components/toasts';
import { plural, t } from '../../i18n';
import { pageOfHit } from '../../lib/links';
import { useUrlState } from '../../lib/url_state';
import { useMay } from '../../shell/session';
import { AddPrefix } from './edit_prefix';
import { ImportDialog } from './import_dialog';
import { AddressTable, BlockTable, RangeTable, SubnetTable } from './plan_lists';
import { useSpace } from './space_layout';

/** The address space without its tree: each kind of object as one flat list, and where things are made. */
export function SpaceRoot() {
  const [search, setSearch] = useUrlState();
  const [space] = useSpace();
  const navigate = useNavigate();
  const mayPlan = useMay('plan');
  const tab = search.tab ?? 'blocks';
  const close = (): void => setSearch({ new: undefined });
  useFind(search.find);
  const fixed = { space };
  const add = mayPlan && (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="primary" icon={<AddRegular />}>
          {t('Add')}
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem onClick={() => setSearch({ new: 'block' })}>{t('Address block')}</MenuItem>
          <MenuItem onClick={() => setSearch({ new: 'subnet' })}>{t('Subnet')}</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
  return (
    <Page
      title={space === 'Default' ? t('IP address space') : space}
      fills
      actions={
        <>
          {add}
          {mayPlan && (
            <Button icon={<ArrowImportRegular />} onClick={() => setSearch({ new: 'import' })}>
              {t('Import')}
            </Button>
          )}
        </>
      }
    >
      <TabList
        className="page-tabs"
        selectedValue={tab}
        onTabSelect={(_, data) =>
          setSearch({
            tab: data.value as string,
            q: undefined,
            sort: undefined,
            state: undefined,
            managed_by: undefined,
            query: undefined,
          })
        }
      >
        <Tab value="blocks">{t('Blocks')}</Tab>
        <Tab value="subnets">{t('Subnets')}</Tab>
        <Tab value="ranges">{t('Ranges')}</Tab>
        <Tab value="addresses">{t('Addresses')}</Tab>
      </TabList>
      {tab === 'blocks' && <BlockTable fixed={fixed} />}
      {tab === 'subnets' && <SubnetTable fixed={fixed} />}
      {tab === 'ranges' && <RangeTable fixed={fixed} />}
      {tab === 'addresses' && (
        <AddressTable fixed={fixed} bulk={(rows, clear) => <ReleaseButton rows={rows} clear={clear} />} />
      )}
      {(search.new === 'block' || search.new === 'subnet') && mayPlan && (
        <AddPrefix
          kind={search.new}
          space={space}
          close={close}
          done={(id) => void navigate({ to: `/space/${search.new}/${id}` })}
        />
      )}
      {search.new === 'import' && mayPlan && <ImportDialog space={space} close={close} />}
    </Page>
  );
}

/** An address that somebody followed: to where it is recorded, or to the smallest thing that it lies in. */
function useFind(address: string | undefined): void {
  const navigate = useNavigate();
  useEffect(() => {
    if (!address) return;
    void get('/api/v1/search', { query: { q: address, limit: 3 } }).then((answer) => {
      const hit =
        answer.items.find((each) => each.kind === 'address') ??
        answer.parents.find((each) => each.kind === 'subnet') ??
        answer.parents.find((each) => each.kind === 'block');
      const page = hit && pageOfHit(hit);
      if (page) void navigate({ href: hit.kind === 'subnet' ? `${page}?ip=${address}` : page, replace: true });
    });
  }, [address, navigate]);
}

function ReleaseButton({ rows, clear }: { rows: { id: string; address: string }[]; clear: () => void }) {
  const [asking, setAsking] = useState(false);
  const mayRelease = useMay('addresses');
  const notice = useNotice();
  if (!mayRelease) return null;
  async function run(): Promise<void> {
    for (const row of rows) await remove('/api/v1/addresses/{id}', { path: { id: row.id } });
    notice(plural(rows.length, '{count} address released', '{count} addresses released'));
    clear();
  }
  return (
    <>
      <Button onClick={() => setAsking(true)}>
        {plural(rows.length, 'Release {count} address', 'Release {count} addresses')}
      </Button>
      {asking && (
        <Confirm
          title={plural(rows.length, 'Release {count} address?', 'Release {count} addresses?')}
          action={t('Release')}
          run={run}
          close={() => setAsking(false)}
        >
          {rows
            .slice(0, 12)
            .map((row) => row.address)
            .join(', ')}
          {rows.length > 12 && ' …'}
        </Confirm>
      )}
    </>
  );
}
