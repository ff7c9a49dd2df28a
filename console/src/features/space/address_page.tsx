import { Button } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { patch, remove } from '../../api/client';
import { useGet, useObject } from '../../api/queries';
import type { Address } from '../../api/types';
import { Changes } from '../../components/changes';
import { Confirm } from '../../components/confirm';
import { ChoiceField, LongTextField, TextField } from '../../components/fields';
import { FormDialog } from '../../components/form_dialog';
import { Facts, Page, Panel } from '../../components/page';
import { ErrorState, Waiting } from '../../components/states';
import { StateMark } from '../../components/status';
import { useNotice } from '../../components/toasts';
import { t } from '../../i18n';
import { capital, formatTime, words } from '../../lib/format';
import { usePathId } from '../../lib/url_state';
import { useMay } from '../../shell/session';
import { managedBy } from './plan_columns';

export function AddressPage() {
  const id = usePathId();
  const answer = useObject('/api/v1/addresses/{id}', id);
  const [doing, setDoing] = useState<'edit' | 'release'>();
  const mayChange = useMay('addresses');
  const navigate = useNavigate();
  const notice = useNotice();
  if (answer.error)
    return (
      <Page title={t('IP address')}>
        <ErrorState error={answer.error} />
      </Page>
    );
  if (!answer.data)
    return (
      <Page title={t('IP address')}>
        <Waiting rows={6} />
      </Page>
    );
  const address = answer.data.data;
  const trail = [
    { to: '/space', name: t('IP address space') },
    ...(address.subnet_id ? [{ to: `/space/subnet/${address.subnet_id}`, name: t('Subnet') }] : []),
  ];

  async function release(): Promise<void> {
    await remove('/api/v1/addresses/{id}', { path: { id } });
    notice(t('{address} was released', { address: address.address }));
    void navigate({ to: address.subnet_id ? `/space/subnet/${address.subnet_id}` : '/space' });
  }

  return (
    <Page
      title={address.address}
      trail={trail}
      note={address.name}
      fills
      actions={
        mayChange && (
          <>
            <Button appearance="primary" onClick={() => setDoing('edit')}>
              {t('Edit')}
            </Button>
            <Button onClick={() => setDoing('release')}>{t('Release')}</Button>
          </>
        )
      }
    >
      <Panel title={t('Details')}>
        <Facts items={factsOf(address)} />
      </Panel>
      <Around address={address} />
      <h2 className="page-part">{t('Changes')}</h2>
      <Changes fixed={{ object_type: 'address', object_id: id }} />
      {doing === 'edit' && <EditAddress address={address} etag={answer.data.etag} close={() => setDoing(undefined)} />}
      {doing === 'release' && (
        <Confirm
          title={t('Release {address}?', { address: address.address })}
          action={t('Release')}
          run={release}
          close={() => setDoing(undefined)}
        >
          {t('Then it can be given to somebody else, after the cool-down of its subnet if there is one.')}
        </Confirm>
      )}
    </Page>
  );
}

function factsOf(address: Address): [string, React.ReactNode][] {
  const facts: [string, React.ReactNode][] = [
    [t('State'), <StateMark key="state" state={address.state} />],
    [t('Name'), address.name],
    [t('MAC address'), address.hardware_address],
    [t('Owner'), address.owner],
    [t('Assigned'), formatTime(address.assigned_at)],
    [t('Expires'), formatTime(address.expires_at)],
    [t('Assignment'), capital(words(address.assignment))],
    [t('Managed by'), managedBy(address.managed_by)],
  ];
  const rest: [string, string | null][] = [
    [t('Description'), address.description],
    [t('Held until'), address.held_until && formatTime(address.held_until)],
    [t('Asset tag'), address.asset_tag],
    [t('Serial number'), address.serial_number],
    [t('Operating system'), address.operating_system],
    [t('Client id'), address.client_id],
    ['DUID', address.duid],
  ];
  return [
    ...facts,
    ...rest.filter(([, value]) => value),
    ...Object.entries(address.custom_fields as Record<string, string>),
  ];
}

/** What servers know of the address. */
function Around({ address }: { address: Address }) {
  const leases = useGet('/api/v1/leases', { query: { address: address.address, limit: 5 } });
  const records = useGet('/api/v1/dns_records', { query: { address: address.address, limit: 10 } });
  const items: [string, React.ReactNode][] = [
    ...(leases.data?.items ?? []).map((lease): [string, React.ReactNode] => [
      t('Lease on {server}', { server: lease.server }),
      `${lease.hostname || lease.hardware_address}, ${words(lease.state)}, ${t('until {time}', { time: formatTime(lease.expires_at) })}`,
    ]),
    ...(records.data?.items ?? []).map((record): [string, React.ReactNode] => [
      `${record.type} · ${record.server}`,
      `${record.name} → ${record.data}`,
    ]),
  ];
  return (
    <Panel title={t('At the servers')} className="page-panel">
      {items.length ? (
        <Facts items={items} />
      ) : (
        <span className="quiet">{t('No lease and no DNS record has this address.')}</span>
      )}
    </Panel>
  );
}

function EditAddress({ address, etag, close }: { address: Address; etag: string | undefined; close: () => void }) {
  const [name, setName] = useState(address.name);
  const [mac, setMac] = useState(address.hardware_address ?? '');
  const [owner, setOwner] = useState(address.owner);
  const [state, setState] = useState<string>(address.state);
  const [description, setDescription] = useState(address.description);
  const [expires, setExpires] = useState(address.expires_at?.slice(0, 10) ?? '');
  const [reason, setReason] = useState('');
  const notice = useNotice();
  async function submit(): Promise<void> {
    const before = address.expires_at?.slice(0, 10) ?? '';
    await patch('/api/v1/addresses/{id}', {
      path: { id: address.id },
      ifMatch: etag,
      reason,
      body: {
        name,
        hardware_address: mac || null,
        owner,
        description,
        ...(state !== address.state && { state: state as Address['state'] }),
        ...(expires !== before && { expires_at: expires ? new Date(`${expires}T23:59:59`).toISOString() : null }),
      },
    });
    notice(t('{address} was changed', { address: address.address }));
  }
  return (
    <FormDialog
      title={t('Edit {address}', { address: address.address })}
      submitText={t('Save')}
      submit={submit}
      close={close}
    >
      <TextField name="name" label={t('Name')} value={name} set={setName} autoFocus />
      <div className="form-pair">
        <TextField name="hardware_address" label={t('MAC address')} value={mac} set={setMac} />
        <TextField name="owner" label={t('Owner')} value={owner} set={setOwner} />
        <ChoiceField
          name="state"
          label={t('State')}
          value={state}
          set={setState}
          choices={[
            ['in_use', t('In use')],
            ['reserved', t('Reserved')],
            ['inactive', t('Inactive')],
            ...(['held', 'cooling'].includes(state) ? [[state, capital(state)] as [string, string]] : []),
          ]}
        />
        <TextField name="expires_at" label={t('Expires at the end of')} type="date" value={expires} set={setExpires} />
      </div>
      <LongTextField name="description" label={t('Description')} value={description} set={setDescription} />
      <TextField name="reason" label={t('Reason for the journal')} value={reason} set={setReason} />
    </FormDialog>
  );
}
