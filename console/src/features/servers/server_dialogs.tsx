import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { patch, post, remove } from '../../api/client';
import { useAll } from '../../api/queries';
import type { Schemas, Server } from '../../api/types';
import { Confirm } from '../../components/confirm';
import { ChoiceField, LongTextField, TextField } from '../../components/fields';
import { FormDialog } from '../../components/form_dialog';
import { useNotice } from '../../components/toasts';
import { t } from '../../i18n';

// How a server of each product is reached and whether it is signed in to.
const ENDPOINTS = () => ({
  kea: {
    label: t('URL of the control agent'),
    placeholder: 'https://kea1.corp.example:8000/',
    hint: undefined,
    user: t('User name'),
  },
  bind9: {
    label: t('URL of the statistics channel'),
    placeholder: 'http://ns1.corp.example:8053',
    hint: t('Transfers of zones and rndc are added on the page of the server.'),
    user: undefined,
  },
  windows_dns: {
    label: t('URL of the domain controller or DNS server'),
    placeholder: 'dcerpc://dc1.corp.example',
    hint: t('With the name that the domain knows it by. ?kdc=HOST where DNS does not tell the domain controllers.'),
    user: t('Account (reader@CORP.EXAMPLE)'),
  },
});

export function AddServer({ close }: { close: () => void }) {
  const spaces = useAll('/api/v1/address_spaces', { sort: 'name' });
  const [product, setProduct] = useState<Schemas['Product']>('kea');
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [trust, setTrust] = useState('system_authorities');
  const [fingerprint, setFingerprint] = useState('');
  const [space, setSpace] = useState('Default');
  const [description, setDescription] = useState('');
  const navigate = useNavigate();
  const notice = useNotice();
  const endpoint = ENDPOINTS()[product];

  async function submit(): Promise<void> {
    const server = await post('/api/v1/servers', {
      body: {
        name: name.trim(),
        product,
        url: url.trim(),
        space,
        description,
        manageability: 'managed',
        ...(user && { user_name: user, password }),
        ...(product !== 'windows_dns' && { tls_trust: trust as Schemas['TlsTrust'] }),
        ...(product !== 'windows_dns' && trust === 'fingerprint' && { tls_fingerprint: fingerprint }),
      },
    });
    // Whether it can be reached is shown on its page, with what to do about it; then everything is read.
    await post('/api/v1/servers/{id}:verify', { path: { id: server.id } }).catch(() => undefined);
    await post('/api/v1/servers/{id}:collect', { path: { id: server.id } }).catch(() => undefined);
    notice(t('{name} was added', { name: server.name }), t('Its data is being read.'));
    void navigate({ to: `/servers/${server.id}` });
  }

  return (
    <FormDialog
      title={t('Add server')}
      submitText={t('Add and verify')}
      submit={submit}
      close={close}
      canSubmit={Boolean(name.trim() && url.trim())}
    >
      <div className="form-pair">
        <ChoiceField
          name="product"
          label={t('Product')}
          value={product}
          set={(chosen) => setProduct(chosen as Schemas['Product'])}
          choices={[
            ['kea', 'Kea DHCP'],
            ['bind9', 'BIND 9'],
            ['windows_dns', 'Windows DNS'],
          ]}
        />
        <ChoiceField
          name="space"
          label={t('Address space')}
          value={space}
          set={setSpace}
          choices={(spaces.data?.items ?? [{ name: 'Default' }]).map((each) => [each.name, each.name])}
        />
      </div>
      <TextField
        name="name"
        label={t('Name')}
        placeholder="kea1.corp.example"
        value={name}
        set={setName}
        required
        autoFocus
      />
      <TextField
        name="url"
        label={endpoint.label}
        placeholder={endpoint.placeholder}
        hint={endpoint.hint}
        value={url}
        set={setUrl}
        required
      />
      {endpoint.user && (
        <div className="form-pair">
          <TextField name="user_name" label={endpoint.user} value={user} set={setUser} />
          <TextField name="password" label={t('Password')} type="password" value={password} set={setPassword} />
        </div>
      )}
      {product !== 'windows_dns' && (
        <ChoiceField
          name="tls_trust"
          label={t('Its certificate is trusted')}
          value={trust}
          set={setTrust}
          choices={[
            ['system_authorities', t('when an authority of the system signed it')],
            ['fingerprint', t('when it has this fingerprint')],
          ]}
        />
      )}
      {product !== 'windows_dns' && trust === 'fingerprint' && (
        <TextField
          name="tls_fingerprint"
          label={t('SHA-256 fingerprint')}
          value={fingerprint}
          set={setFingerprint}
          required
        />
      )}
      <LongTextField name="description" label={t('Description')} value={description} set={setDescription} />
    </FormDialog>
  );
}

export function EditServer({ server, etag, close }: { server: Server; etag: string | undefined; close: () => void }) {
  const credentials = useAll('/api/v1/credentials', {});
  const [name, setName] = useState(server.name);
  const [url, setUrl] = useState(server.url);
  const [manageability, setManageability] = useState<string>(server.manageability);
  const [credential, setCredential] = useState(server.credential ?? '');
  const [description, setDescription] = useState(server.description);
  const notice = useNotice();
  async function submit(): Promise<void> {
    await patch('/api/v1/servers/{id}', {
      path: { id: server.id },
      ifMatch: etag,
      body: {
        name,
        url,
        manageability: manageability as Server['manageability'],
        credential: credential || null,
        description,
      },
    });
    notice(t('{name} was changed', { name }));
  }
  return (
    <FormDialog title={t('Edit {name}', { name: server.name })} submitText={t('Save')} submit={submit} close={close}>
      <TextField name="name" label={t('Name')} value={name} set={setName} autoFocus />
      <TextField name="url" label={t('URL')} value={url} set={setUrl} />
      <div className="form-pair">
        <ChoiceField
          name="manageability"
          label={t('Manageability')}
          value={manageability}
          set={setManageability}
          choices={[
            ['managed', t('Managed')],
            ['unmanaged', t('Unmanaged')],
            ['unspecified', t('Unspecified')],
          ]}
        />
        <ChoiceField
          name="credential"
          label={t('Credential')}
          value={credential}
          set={setCredential}
          choices={[
            ['', t('None')],
            ...(credentials.data?.items ?? []).map((each) => [each.name, each.name] as [string, string]),
          ]}
        />
      </div>
      <LongTextField name="description" label={t('Description')} value={description} set={setDescription} />
    </FormDialog>
  );
}

export function DeleteServer({ server, close }: { server: Server; close: () => void }) {
  const navigate = useNavigate();
  const notice = useNotice();
  async function run(): Promise<void> {
    await remove('/api/v1/servers/{id}', { path: { id: server.id } });
    notice(t('{name} was deleted', { name: server.name }));
    void navigate({ to: '/servers' });
  }
  return (
    <Confirm title={t('Delete {name}?', { name: server.name })} action={t('Delete')} run={run} close={close}>
      {t('Its scopes, leases and zones are forgotten. The server itself is left alone.')}
    </Confirm>
  );
}

const ACCESS_KINDS = (): Record<string, { name: string; hint: string; credential: string }> => ({
  dns: { name: t('DNS (transfers and updates)'), hint: 'dns://ns1.corp.example:53', credential: 'tsig_key' },
  rndc: { name: 'rndc', hint: 'rndc://ns1.corp.example:953', credential: 'tsig_key' },
  lease_database: { name: t('Lease database'), hint: 'postgresql://db.example/kea', credential: 'user_password' },
  lease_file: {
    name: t('Lease file'),
    hint: 'sftp://kea1.corp.example/var/lib/kea/kea-leases4.csv',
    credential: 'ssh_key',
  },
});
export const accessName = (kind: string): string => ACCESS_KINDS()[kind]?.name ?? kind;

export function AddAccess({ server, close }: { server: Server; close: () => void }) {
  const credentials = useAll('/api/v1/credentials', {});
  const kinds = server.product === 'bind9' ? ['dns', 'rndc'] : ['lease_database', 'lease_file'];
  const [kind, setKind] = useState(kinds[0] ?? 'dns');
  const [url, setUrl] = useState('');
  const [credential, setCredential] = useState('');
  const notice = useNotice();
  async function submit(): Promise<void> {
    await post('/api/v1/server_accesses', {
      body: {
        server: server.id,
        kind: kind as Schemas['AccessKind'],
        url: url.trim(),
        ...(credential && { credential }),
      },
    });
    notice(t('Access added'));
  }
  return (
    <FormDialog
      title={t('Add access to {name}', { name: server.name })}
      submitText={t('Add')}
      submit={submit}
      close={close}
      canSubmit={url.trim() !== ''}
    >
      <ChoiceField
        name="kind"
        label={t('Kind')}
        value={kind}
        set={setKind}
        choices={kinds.map((each) => [each, accessName(each)])}
      />
      <TextField
        name="url"
        label={t('URL')}
        placeholder={ACCESS_KINDS()[kind]?.hint ?? ''}
        value={url}
        set={setUrl}
        required
        autoFocus
      />
      <ChoiceField
        name="credential"
        label={t('Credential')}
        hint={t('Credentials are made under Settings.')}
        value={credential}
        set={setCredential}
        choices={[
          ['', t('None')],
          ...(credentials.data?.items ?? []).map((each) => [each.name, each.name] as [string, string]),
        ]}
      />
    </FormDialog>
  );
}
